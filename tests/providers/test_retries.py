"""What is repeated, how soon, and what never is."""

from __future__ import annotations

import time
from collections.abc import Callable
from email.utils import formatdate

import pytest

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.http import Http, ProviderError
from tests.providers.stub import Stub, Talk, raw, reply

Make = Callable[..., Http]
POST = Ask("POST", "/thing", json={"a": 1})


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_read_is_repeated_until_it_succeeds(stub: Stub, http: Make, status: int) -> None:
    stub.say(reply({}, status), reply({}, status), reply("there"))
    assert http().get("/thing").data == "there"
    assert len(stub.seen) == 3


def test_a_read_is_repeated_when_the_connection_breaks(stub: Stub, http: Make) -> None:
    stub.say(raw(b""), reply("there"))
    assert http().get("/thing").data == "there"


def test_repetition_ends(stub: Stub, http: Make) -> None:
    stub.say(*[reply({}, 503)] * 9)
    with pytest.raises(ProviderError):
        http(attempts=3).get("/thing")
    assert len(stub.seen) == 3


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 422])
def test_a_refusal_is_not_repeated_unless_it_may_pass(stub: Stub, http: Make, status: int) -> None:
    stub.say(*[reply({}, status)] * 3)
    with pytest.raises(ProviderError):
        http().get("/thing")
    assert len(stub.seen) == 1


@pytest.mark.parametrize("answer", [reply({}, 503), reply({}, 429), raw(b"")])
def test_a_write_is_never_repeated(stub: Stub, http: Make, answer: object) -> None:
    stub.say(answer, reply("second"))  # type: ignore[arg-type]
    with pytest.raises(ProviderError):
        http().ask(POST)
    assert len(stub.seen) == 1


@pytest.mark.parametrize(
    ("answer", "unsettled"),
    [(raw(b""), True), (reply({}, 502), True), (reply(body=b"<html>"), True),
     (reply({}, 409), False), (reply({}, 429), False)],
)  # fmt: skip
def test_a_write_without_a_clear_answer_is_unsettled(
    stub: Stub, http: Make, answer: object, unsettled: bool
) -> None:
    stub.say(answer)  # type: ignore[arg-type]
    with pytest.raises(ProviderError) as caught:
        http().ask(POST)
    assert caught.value.unsettled is unsettled


@pytest.mark.parametrize("page", [reply(status=200, body=b"<html>"), reply(status=202, body=b"")])
def test_a_proxys_page_in_place_of_an_answer_decides_nothing(
    stub: Stub, http: Make, page: Talk
) -> None:
    stub.say(page)
    with pytest.raises(ProviderError) as caught:
        http().ask(Ask("POST", "/thing", json={}, expect=frozenset({201})))
    assert not caught.value.permanent
    assert caught.value.unsettled


def test_a_write_that_was_never_sent_is_settled(stub: Stub, http: Make) -> None:
    client = http()
    stub.close()
    with pytest.raises(ProviderError) as caught:
        client.ask(POST)
    assert not caught.value.unsettled


def test_a_post_that_only_reads_may_be_repeated(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 503), reply("there"))
    assert http().ask(Ask("POST", "/query", form={"q": "up"}, repeatable=True)).data == "there"
    assert [seen.form for seen in stub.seen] == [{"q": "up"}] * 2


def test_a_short_retry_after_is_waited_for(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 429, retry_after="1"), reply("there"))
    started = time.monotonic()
    assert http().get("/thing").data == "there"
    assert time.monotonic() - started >= 1


def test_a_long_retry_after_is_left_to_the_caller(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 429, retry_after="120"), reply("there"))
    started = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        http().get("/thing")
    assert caught.value.retry_after == 120
    assert time.monotonic() - started < 1


def test_retry_after_may_be_a_date(stub: Stub, http: Make) -> None:
    in_a_minute = formatdate(time.time() + 60, usegmt=True)
    stub.say(reply({}, 503, retry_after=in_a_minute))
    with pytest.raises(ProviderError) as caught:
        http().get("/thing")
    assert caught.value.retry_after == pytest.approx(60, abs=2)


def test_a_retry_after_that_means_nothing_is_ignored(stub: Stub, http: Make) -> None:
    stub.say(reply({}, 429, retry_after="soon"), reply("there"))
    assert http().get("/thing").data == "there"
