"""The engine for long acts: leases, fencing, retries, cancelling, taking over."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from time import monotonic, sleep

import pytest
from django.db import IntegrityError, connection, connections
from pytest_django.fixtures import Settings

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Operation, Step
from agentmesh_release.core.operations import (
    Done,
    Errored,
    Failed,
    Fenced,
    OperationKind,
    Outcome,
    Request,
    StepContext,
    StepKind,
    Wait,
    kinds,
)
from agentmesh_release.core.operations.engine import MAX_ATTEMPTS, attempt
from agentmesh_release.core.refusals import Refused
from agentmesh_release.providers import deadlines
from agentmesh_release.providers.errors import ProviderError

ADA = Actor("person", "Ada", 1)
BEN = Actor("person", "Ben", 2)
HOUSE = "house/production"

pytestmark = pytest.mark.django_db(transaction=True)

Behaviour = Callable[[StepContext], Outcome]


class Paint:
    """A kind of operation whose two steps do what the test says."""

    def __init__(self) -> None:
        self.first: Behaviour = lambda context: Done("primed")
        self.second: Behaviour = lambda context: Done("painted", "coat:1")
        self.ends: list[str] = []

    def kind(self) -> OperationKind:
        return OperationKind(
            "paint",
            steps=(
                StepKind("prime", "Prime", lambda context: self.first(context)),
                StepKind("paint", "Paint", lambda context: self.second(context)),
            ),
            ended=lambda operation: self.ends.append(operation.state),
        )


@pytest.fixture
def paint() -> Iterator[Paint]:
    made = Paint()
    kinds._entries["paint"] = made.kind()
    yield made
    del kinds._entries["paint"]


def ask(environment: str = HOUSE, by: Actor = ADA) -> Request:
    return Request("paint", "Paint the house", "house:1", environment, by, reason="spring")


def states(operation: Operation) -> list[str]:
    return [step.state for step in operation.steps.all()]


def run(operation: Operation) -> Operation:
    operations.run(operation.pk)
    operation.refresh_from_db()
    return operation


def make_due(operation: Operation) -> None:
    Operation.objects.filter(pk=operation.pk).update(due_at="2000-01-01T00:00Z", lease_until=None)


def test_it_runs_its_steps_to_the_end(paint: Paint) -> None:
    operation = run(operations.start(ask()))
    assert (operation.state, states(operation)) == ("done", ["done", "done"])
    assert operation.steps.get(name="paint").reference == "coat:1"
    assert paint.ends == ["done"]
    verbs = AuditEvent.objects.filter(subject=operation.subject).values_list("verb", flat=True)
    assert list(verbs) == ["operation.finish", "operation.start"]


def test_running_it_again_changes_nothing(paint: Paint) -> None:
    operation = run(run(operations.start(ask())))
    assert paint.ends == ["done"]
    assert operation.state == "done"


def test_a_definite_bad_answer_fails_it(paint: Paint) -> None:
    paint.first = lambda context: Failed("The wall is wet.")
    operation = run(operations.start(ask()))
    assert (operation.state, operation.outcome) == ("failed", "The wall is wet.")
    assert states(operation) == ["failed", "cancelled"]
    assert paint.ends == ["failed"]


def test_a_refusal_in_a_step_fails_it_with_its_sentence(paint: Paint) -> None:
    def refuse(context: StepContext) -> Outcome:
        raise Refused("wet", "The wall is wet.")

    paint.first = refuse
    assert run(operations.start(ask())).outcome == "The wall is wet."


def test_waiting_gives_the_worker_back(paint: Paint) -> None:
    paint.first = lambda context: Wait(timedelta(hours=1), "drying")
    operation = run(operations.start(ask()))
    assert operation.state == "running"
    assert operation.lease_until is None
    assert operation.steps.get(name="prime").detail == "drying"
    assert attempt(operation.pk) is False, "it is not due for an hour"


def test_what_cannot_be_told_is_tried_again_and_then_given_up(paint: Paint) -> None:
    paint.first = lambda context: Errored("No answer.")
    operation = operations.start(ask())
    for _ in range(MAX_ATTEMPTS):
        assert operation.state == "running" or operation.state == "queued"
        make_due(operation)
        run(operation)
    assert operation.state == "failed"
    assert operation.outcome == f"Gave up after {MAX_ATTEMPTS} attempts. The last one: No answer."


def test_an_unforeseen_error_does_not_lose_it(paint: Paint) -> None:
    paint.first = lambda context: 1 / 0  # type: ignore[assignment, return-value]
    operation = run(operations.start(ask()))
    assert operation.state == "running"
    paint.first = lambda context: Done()
    make_due(operation)
    assert run(operation).state == "done"


@pytest.mark.parametrize(("permanent", "state"), [(True, "failed"), (False, "running")])
def test_a_provider_error_is_a_failure_only_when_it_is_permanent(
    paint: Paint, permanent: bool, state: str
) -> None:
    def fail(context: StepContext) -> Outcome:
        raise ProviderError("Vercel says no.", permanent=permanent)

    paint.first = fail
    assert run(operations.start(ask())).state == state


def test_the_wait_honours_what_the_provider_asked_for(paint: Paint) -> None:
    paint.first = lambda context: Errored("Slow down.", retry_after_s=3_600)
    operation = run(operations.start(ask()))
    assert operation.started_at is not None
    assert operation.due_at - operation.started_at > timedelta(minutes=59)


def test_one_runs_and_one_waits_in_an_environment(paint: Paint) -> None:
    paint.first = lambda context: Wait(timedelta(hours=1))
    first, second = operations.start(ask()), operations.start(ask(by=BEN))
    assert (first.state, second.state) == ("running", "queued")
    with pytest.raises(Refused, match="waits behind it"):
        operations.start(ask())
    assert operations.start(ask("garden/production")).state == "running"


def test_who_waits_is_admitted_when_the_first_has_ended(paint: Paint) -> None:
    first, second = operations.start(ask()), operations.start(ask(by=BEN))
    run(first)
    second.refresh_from_db()
    assert second.state == "running"
    assert run(second).state == "done"


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


def test_what_a_step_keeps_is_there_at_the_next_attempt(paint: Paint) -> None:
    def remember(context: StepContext) -> Outcome:
        if "asked" in context.data:
            return Done(context.data["asked"])
        context.keep(asked="once")
        return Wait(timedelta(0))

    paint.first = remember
    operation = run(operations.start(ask()))
    assert run(operation).steps.get(name="prime").detail == "once"


def test_cancelling_between_steps_ends_it_at_once(paint: Paint) -> None:
    paint.first = lambda context: Wait(timedelta(hours=1))
    operation = run(operations.start(ask()))
    operations.cancel(operation, by=BEN, reason="rain")
    assert (operation.state, operation.outcome) == ("cancelled", "rain")
    assert paint.ends == ["cancelled"]
    with pytest.raises(Refused, match="cancelled by now"):
        operations.cancel(operation, by=BEN, reason="rain")


def test_cancelling_during_a_step_ends_it_after_that_step(paint: Paint) -> None:
    def cancelled_meanwhile(context: StepContext) -> Outcome:
        operations.cancel(context.operation, by=BEN, reason="rain")
        return Done("primed")

    paint.first = cancelled_meanwhile
    paint.second = lambda context: Failed("it must not come to this")
    operation = run(operations.start(ask()))
    assert (operation.state, states(operation)) == ("cancelled", ["done", "cancelled"])


def test_two_who_start_at_the_same_instant_get_one_running(paint: Paint) -> None:
    barrier, started = threading.Barrier(2), []

    def start() -> None:
        barrier.wait(10)
        started.append(operations.start(ask()).state)
        connections.close_all()

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(started) == ["queued", "running"]


def test_the_database_itself_lets_one_run_in_an_environment(paint: Paint) -> None:
    operations.start(ask())
    with pytest.raises(IntegrityError, match="operation_one_running"):
        Operation.objects.create(environment=HOUSE, state=Operation.State.RUNNING)


def test_two_workers_at_the_same_instant_run_a_step_once(paint: Paint) -> None:
    barrier, runs = threading.Barrier(2), []
    paint.first = lambda context: runs.append(context.token) or Done()  # type: ignore[func-returns-value]
    operation = operations.start(ask())

    def work() -> None:
        barrier.wait(10)
        operations.run(operation.pk)
        connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(runs) == 1
    assert list(Step.objects.values_list("state", flat=True)) == ["done", "done"]
