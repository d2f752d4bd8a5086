"""A worker freezes at any moment, somebody else goes on in its place, and it wakes up again."""

from collections.abc import Iterable
from time import sleep

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from agentmesh_release.core import frozen, operations
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations.engine import attempt
from releases.evidence import builds

from .extent import moments
from .freezing import URGENT, USUAL, elsewhere, freeze_before, frozen_in_the_act
from .journey import Journey, hasten, lose_lease, states

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

ON_THE_WAY = [("StepContext.acting", "return"), ("_pace_sending", "call")]
AT_THE_LAST_INSTANT = ("_pace_sending", "return")


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    monkeypatch.setattr(frozen, "_URGENT", URGENT)
    monkeypatch.setattr(frozen, "_USUAL", USUAL)
    settings.OPERATION_LEASE_S = 1.8


class TakingOver:
    """A rollback that takes over while somebody is frozen, up to a step or to its end."""

    def __init__(self, journey: Journey, until: str = "") -> None:
        self.journey = journey
        self.until = until
        self.rollback: Operation | None = None

    def __call__(self) -> None:
        self.rollback = self.journey.roll_back()
        while self.rollback.is_active and not self._is_there(self.rollback):
            hasten(self.rollback)
            attempt(self.rollback.pk)
            self.rollback.refresh_from_db()

    def _is_there(self, rollback: Operation) -> bool:
        step = rollback.current_step()
        return step is not None and step.name == self.until

    def ended(self) -> Operation:
        assert self.rollback is not None
        return self.journey.work(self.rollback) if self.rollback.is_active else self.rollback


def up_to(operation: Operation, step: str) -> Operation:
    """Work until that step is the next one."""
    while (current := operation.current_step()) and current.name != step:
        hasten(operation)
        attempt(operation.pk)
    return operation


def test_who_wakes_up_after_the_rollback_sends_nothing(journey: Journey) -> None:
    for function, event in ON_THE_WAY:
        promotion = up_to(journey.promote(), "promote")
        taking_over = TakingOver(journey)

        def meanwhile(taking_over: TakingOver = taking_over) -> None:
            elsewhere(taking_over)
            sleep(0.7)  # the act was allowed for 0.6 s

        with frozen_in_the_act("StepContext.acting", function, event, meanwhile):
            operations.run(promotion.pk)
        promotion.refresh_from_db()
        assert (promotion.state, taking_over.ended().state) == ("superseded", "done"), function
        assert journey.moves() == [], function
        assert journey.live().vercel_id == journey.build(journey.old)


def test_what_is_sent_at_the_last_instant_is_moved_back(journey: Journey) -> None:
    old, new = journey.build(journey.old), journey.build(journey.new)
    for until in ("confirm", "guard"):
        begin = journey.journal_end()
        promotion = up_to(journey.promote(), "promote")
        taking_over = TakingOver(journey, until)
        with frozen_in_the_act(
            "StepContext.acting",
            *AT_THE_LAST_INSTANT,
            lambda: elsewhere(taking_over),  # noqa: B023
        ):
            operations.run(promotion.pk)
        journey.vercel_is_done()
        assert taking_over.ended().state == "done"
        assert journey.moves(begin) == [f"promoted {new}", f"rolled_back {old}"], until
        assert journey.shown() == journey.live().vercel_id == old


def test_what_still_gets_through_after_the_guard_is_noticed_and_held(journey: Journey) -> None:
    promotion = up_to(journey.promote(), "promote")
    taking_over = TakingOver(journey)
    with frozen_in_the_act(
        "StepContext.acting", *AT_THE_LAST_INSTANT, lambda: elsewhere(taking_over)
    ):
        operations.run(promotion.pk)
    journey.vercel_is_done()
    builds.read(journey.project, timezone.now())
    live, hold = journey.live(), journey.hold()
    assert live.is_outside
    assert live.vercel_id == journey.shown() == journey.build(journey.new)
    assert hold is not None
    assert hold.bad_sha == journey.new.commit_sha


def wake_after_rollback(journey: Journey, queries: Iterable[int]) -> int:
    """Freeze a promotion before each of these queries until a rollback has taken over and ended."""
    old = journey.build(journey.old)
    for query in queries:
        begin = journey.journal_end()
        promotion = journey.promote()
        taking_over = TakingOver(journey)
        if not freeze_before(promotion, query, taking_over):
            journey.work(journey.roll_back())
            return query
        told = f"frozen before query {query}: {states(promotion)}"
        assert taking_over.ended().state == "done", told
        assert promotion.state in ("superseded", "done"), told
        assert journey.shown() == journey.live().vercel_id == old, told
        assert journey.hold() is not None, told
        assert journey.moves(begin)[-1:] in ([], [f"rolled_back {old}"]), told
    return 0


def wake_after_another(journey: Journey, queries: Iterable[int]) -> int:
    """Freeze a worker before each of these queries until another one has ended its operation."""
    old, new = journey.build(journey.old), journey.build(journey.new)
    for query in queries:
        for start, to in ((journey.promote, new), (journey.roll_back, old)):
            begin = journey.journal_end()
            operation = start()

            def go_on(operation: Operation = operation) -> None:
                lose_lease(operation)
                journey.work(Operation.objects.get(pk=operation.pk))

            came = freeze_before(operation, query, go_on)
            told = f"{operation} frozen before query {query}: {states(operation)}"
            assert operation.state == "done", told
            assert journey.shown() == journey.live().vercel_id == to, told
            assert len(journey.moves(begin)) == 1, told
        if not came:
            return query
    return 0


def test_no_freeze_under_a_rollback_changes_anything(journey: Journey) -> None:
    assert wake_after_rollback(journey, moments()) > 50


def test_no_freeze_beside_another_worker_changes_anything(journey: Journey) -> None:
    assert wake_after_another(journey, moments()) > 50
