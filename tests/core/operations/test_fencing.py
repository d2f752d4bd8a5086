"""Leases and takeovers: who lost its lease neither acts nor stores."""

from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import (
    Done,
    Fenced,
    Outcome,
    StepContext,
    Wait,
)
from agentmesh_release.core.operations.engine import attempt
from agentmesh_release.providers import deadlines

from .painting import BEN, HOUSE, Paint, ask, make_due, run, states

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_takeover_fences_out_whoever_was_at_it(paint: Paint) -> None:
    taken: list[Operation] = []
    acts: list[str] = []

    def meanwhile(context: StepContext) -> Outcome:
        taken.append(operations.take_over(ask(by=BEN)))
        with context.acting():
            acts.append("too late")
        return Done()

    paint.first = meanwhile
    old = run(operations.start(ask()))
    assert acts == [], "it must not act any more"
    paint.first = lambda context: Done()
    assert (old.state, states(old)) == ("superseded", ["cancelled", "cancelled"])
    assert run(taken[0]).state == "done"
    assert paint.ends == ["superseded", "done"]


def test_a_takeover_clears_who_waits_too(paint: Paint) -> None:
    paint.first = lambda context: Wait(timedelta(hours=1))
    first, second = operations.start(ask()), operations.start(ask())
    operations.take_over(ask(by=BEN))
    for operation in (first, second):
        operation.refresh_from_db()
        assert operation.state == "superseded"


def test_a_lease_that_ran_out_is_taken_by_the_next_and_the_first_is_fenced(paint: Paint) -> None:
    outcomes: list[str] = []

    def slow(context: StepContext) -> Outcome:
        make_due(context.operation)
        paint.first = lambda other: Done("by the second")
        operations.run(context.operation.pk)
        with pytest.raises(Fenced):
            context.keep(mine=True)
        outcomes.append("came back late")
        return Done("by the first")

    paint.first = slow
    operation = run(operations.start(ask()))
    assert outcomes == ["came back late"]
    assert operation.steps.get(name="prime").detail == "by the second"
    assert paint.ends == ["done"]


def test_who_lost_its_lease_neither_acts_nor_stores(paint: Paint) -> None:
    def slow(context: StepContext) -> Outcome:
        make_due(context.operation)
        running = Operation.objects.filter(state=Operation.State.RUNNING)
        assert running.claim(context.operation.pk, timedelta(hours=1)), "another one is at it"
        with pytest.raises(Fenced), context.acting():
            raise AssertionError("it must not act any more")
        with pytest.raises(Fenced):
            context.keep(mine=True)
        return Done("by the first")

    paint.first = slow
    operation = run(operations.start(ask()))
    assert states(operation) == ["running", "pending"]
    assert operation.steps.get(name="prime").data == {}


def test_what_has_ended_takes_nothing_more_whatever_its_lease_says(paint: Paint) -> None:
    def slow(context: StepContext) -> Outcome:
        Operation.objects.filter(pk=context.operation.pk).update(state="cancelled")
        with pytest.raises(Fenced), context.acting():
            raise AssertionError("it must not act any more")
        with pytest.raises(Fenced):
            context.keep(mine=True)
        return Done()

    paint.first = slow
    operation = run(operations.start(ask()))
    assert (operation.state, paint.ends) == ("cancelled", [])
    assert operation.steps.get(name="prime").data == {}


def test_an_act_renews_the_lease_and_has_to_end_well_before_it(paint: Paint) -> None:
    seen: list[tuple[timedelta, float]] = []

    def act(context: StepContext) -> Outcome:
        soon = context.now() + timedelta(seconds=1)
        Operation.objects.filter(pk=context.operation.pk).update(lease_until=soon)
        with context.acting():
            until = Operation.objects.values_list("lease_until", flat=True).get()
            left = until - context.now()  # type: ignore[operator]
            seen.append((left, deadlines.latest() - monotonic()))
        return Done()

    paint.first = act
    run(operations.start(ask()))
    lease, act_s = seen[0]
    assert lease > timedelta(seconds=29)
    assert 9 < act_s <= 10


def test_a_slow_step_keeps_its_lease(paint: Paint, settings: Settings) -> None:
    settings.OPERATION_LEASE_S = 0.6

    def slow(context: StepContext) -> Outcome:
        sleep(1.0)
        return Done("slowly") if attempt(context.operation.pk) is False else Done("twice")

    paint.first = slow
    assert run(operations.start(ask())).steps.get(name="prime").detail == "slowly"


def test_a_lease_that_was_given_back_is_not_renewed(paint: Paint) -> None:
    contexts: list[StepContext] = []
    paint.first = lambda context: contexts.append(context) or Wait(timedelta(hours=1))  # type: ignore[func-returns-value]
    operation = run(operations.start(ask()))
    assert not contexts[0].renew()
    operation.refresh_from_db()
    assert operation.lease_until is None


def test_who_freezes_in_the_middle_of_a_transaction_loses_its_locks(paint: Paint) -> None:
    with operations.environment_lock(HOUSE), connection.cursor() as cursor:
        cursor.execute("SHOW idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("5s",)
