"""What counts as a failed change, and what as rework."""

from datetime import UTC, datetime, timedelta

import pytest

from releases.metrics.failures import Failure
from releases.metrics.judging import judge
from releases.models import Activation

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def live(minutes: int, origin: str = "promotion") -> Activation:
    return Activation(origin=origin, since=NOON + timedelta(minutes=minutes))


def failure(began: int, restored: int | None) -> Failure:
    end = None if restored is None else NOON + timedelta(minutes=restored)
    return Failure("INC-1", "/incidents/1/", NOON + timedelta(minutes=began), end)


def test_a_change_that_stays_is_planned_and_good() -> None:
    judged = judge(live(0), None, live(60), [])
    assert (judged.kind, judged.rework, judged.failed_by) == ("change", "", "")


def test_a_change_that_is_rolled_back_failed_until_the_rollback() -> None:
    judged = judge(live(0), None, live(40, "rollback"), [])
    assert (judged.failed_by, judged.broken_at, judged.restored_at) == (
        "rollback", NOON, NOON + timedelta(minutes=40),
    )  # fmt: skip


def test_a_rollback_is_rework_and_no_change() -> None:
    judged = judge(live(0, "rollback"), live(-10), live(60, "rollback"), [failure(5, None)])
    assert (judged.kind, judged.rework, judged.failed_by) == ("rollback", "rollback", "")


@pytest.mark.parametrize(
    ("began", "after", "failed_by"),
    [
        (10, None, "incident"),
        (119, None, "incident"),
        (121, None, ""),
        (-1, None, ""),
        (30, 20, ""),
    ],
    ids=["soon", "just soon enough", "too late", "before it", "under its successor"],
)
def test_an_incident_is_blamed_on_what_was_live_when_it_began(
    began: int, after: int | None, failed_by: str
) -> None:
    following = live(after) if after else None
    assert judge(live(0), None, following, [failure(began, 200)]).failed_by == failed_by


def test_an_incident_governs_when_it_began_and_ended() -> None:
    judged = judge(live(0), None, live(20, "rollback"), [failure(5, 50)])
    assert (judged.failed_by, judged.cause) == ("incident", "INC-1")
    assert judged.restored_at == NOON + timedelta(minutes=50)


def test_what_is_not_resolved_is_not_restored() -> None:
    assert judge(live(0), None, None, [failure(5, None)]).restored_at is None


@pytest.mark.parametrize(
    ("before", "failures", "rework"),
    [
        (live(-30, "rollback"), [], "repair"),
        (live(-30), [failure(-5, None)], "hotfix"),
        (live(-30), [failure(-5, -1)], ""),
    ],
    ids=["after a rollback", "during an incident", "after an incident"],
)
def test_what_nobody_had_planned(before: Activation, failures: list[Failure], rework: str) -> None:
    assert judge(live(0), before, None, failures).rework == rework
