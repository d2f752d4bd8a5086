"""What is read again and again, what is hurried, and what is read once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from agentmesh_release.core import polls
from agentmesh_release.core.leases import clock
from agentmesh_release.core.models import Poll
from agentmesh_release.providers.errors import ProviderError

pytestmark = pytest.mark.django_db


class Reading:
    """Counts how often it was read; does `meanwhile` while it is being read."""

    def __init__(self) -> None:
        self.count = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def __call__(self, _scope: str) -> None:
        self.count += 1
        self.meanwhile()


@pytest.fixture
def reading(monkeypatch: pytest.MonkeyPatch) -> Reading:
    """Registered as `regular`, every hour, and as `single`."""
    reading = Reading()
    entries = polls.poll_kinds._entries
    monkeypatch.setitem(entries, "regular", polls.PollKind("regular", "R", 3_600, reading))
    monkeypatch.setitem(entries, "single", polls.PollKind("single", "S", None, reading))
    polls.ensure("regular", "api")
    return reading


def run_due() -> int:
    """Run what is due now; answers how many that were."""
    due = list(Poll.objects.due().values_list("pk", flat=True))
    for pk in due:
        polls.run(pk)
    return len(due)


def test_what_is_hurried_often_is_read_once(reading: Reading) -> None:
    run_due()
    for _ in range(100):
        polls.hurry("regular", "api")
    assert (run_due(), run_due(), reading.count) == (1, 0, 2)


def test_what_is_hurried_while_it_is_read_is_read_again(reading: Reading) -> None:
    """The reading may have looked before that happened."""
    reading.meanwhile = lambda: [polls.hurry("regular", "api") for _ in range(9)]
    run_due()
    reading.meanwhile = lambda: None
    assert (run_due(), run_due(), reading.count) == (1, 0, 2)


def test_a_hurry_never_puts_off(reading: Reading) -> None:
    polls.hurry("regular", "api", within_s=60)
    assert run_due() == 1
    polls.hurry("regular", "api", within_s=60)
    polls.hurry("regular", "api", within_s=90)
    assert Poll.objects.get().due_at - clock() < timedelta(seconds=61)


def test_what_is_not_polled_is_not_hurried(reading: Reading) -> None:
    assert not polls.hurry("regular", "nobody")
    assert polls.hurry("regular", "api")


def test_once_is_read_once_and_gone(reading: Reading) -> None:
    run_due()
    for _ in range(100):
        polls.once("single", "api#1")
    assert (run_due(), reading.count) == (1, 2)
    assert not Poll.objects.filter(kind="single").exists()


def test_once_asked_for_while_it_is_read_is_read_again(reading: Reading) -> None:
    run_due()
    polls.once("single", "api#1")
    reading.meanwhile = lambda: polls.once("single", "api#1")
    assert run_due() == 1
    reading.meanwhile = lambda: None
    assert (run_due(), run_due(), reading.count) == (1, 0, 3)


def test_once_that_fails_is_tried_again_and_given_up_in_the_end(reading: Reading) -> None:
    def fail() -> None:
        raise ProviderError("GitHub does not answer.")

    reading.meanwhile = fail
    run_due()
    polls.once("single", "api#1")
    for attempts in range(1, polls.MOST_ATTEMPTS_ONCE):
        Poll.objects.filter(kind="single").update(due_at=clock())
        run_due()
        assert Poll.objects.get(kind="single").attempts == attempts
    Poll.objects.filter(kind="single").update(due_at=clock())
    run_due()
    assert not Poll.objects.filter(kind="single").exists()


def test_readings_spread_out(reading: Reading) -> None:
    gaps = set()
    for _ in range(5):
        Poll.objects.update(due_at=clock())
        run_due()
        row = Poll.objects.get()
        assert row.last_ok_at
        gaps.add(round((row.due_at - row.last_ok_at).total_seconds()))
    assert len(gaps) > 1
    assert all(3_240 <= gap <= 3_960 for gap in gaps)
