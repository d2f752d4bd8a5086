"""A write is sent while it is allowed, and not a moment later, whatever held the process up."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

import pytest

from agentmesh_release.providers import deadlines
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, hang, reply

Make = Callable[..., Http]
# A body is looked at once more when its head is out; here the head is all there is.
WRITE = Ask("POST", "/thing")


@contextmanager
def frozen_after(function: str, seconds: float) -> Iterator[None]:
    """Hold this thread up when the function of that qualified name returns, as SIGSTOP would."""

    def watch(frame: FrameType, event: str, _argument: object) -> None:
        if event == "return" and frame.f_code.co_qualname == function:
            time.sleep(seconds)

    sys.setprofile(watch)
    try:
        yield
    finally:
        sys.setprofile(None)


def test_in_time_it_is_sent(stub: Stub, http: Make) -> None:
    stub.say(reply({}))
    with deadlines.before(time.monotonic() + 1):
        http().ask(WRITE)
    assert len(stub.seen) == 1


def test_too_late_it_is_not_sent(stub: Stub, http: Make) -> None:
    with (
        deadlines.before(time.monotonic()),
        pytest.raises(ProviderError, match="did not answer in the time that was left") as error,
    ):
        http().ask(WRITE)
    stub.close()
    assert not error.value.permanent
    assert stub.seen == []


@pytest.mark.parametrize("place", ["HTTPConnection.connect", "Http._connections"])
def test_held_up_on_the_way_it_is_not_sent(stub: Stub, http: Make, place: str) -> None:
    stub.say(reply({}))
    with (
        deadlines.before(time.monotonic() + 0.3),
        frozen_after(place, 0.4),
        pytest.raises(ProviderError, match="in the time that was left"),
    ):
        http().ask(WRITE)
    stub.close()
    assert stub.seen == []


def test_held_up_before_a_kept_connection_is_used_it_is_not_sent(stub: Stub, http: Make) -> None:
    client = http()
    stub.say(reply({}), reply({}))
    client.ask(WRITE)
    with (
        deadlines.before(time.monotonic() + 0.3),
        frozen_after("HTTPConnectionPool._get_conn", 0.4),
        pytest.raises(ProviderError, match="in the time that was left"),
    ):
        client.ask(WRITE)
    stub.close()
    assert len(stub.seen) == 1


def test_an_answer_is_not_waited_for_any_longer(stub: Stub, http: Make) -> None:
    stub.say(hang(0.6))
    started = time.monotonic()
    with deadlines.before(started + 0.1), pytest.raises(ProviderError) as error:
        http().ask(WRITE)
    assert error.value.unsettled, "it was sent: it may have taken effect"
    assert time.monotonic() - started < 0.4


def test_the_soonest_of_two_moments_counts() -> None:
    with deadlines.before(5.0), deadlines.before(9.0):
        assert deadlines.latest() == 5.0
    assert deadlines.latest() == float("inf")
