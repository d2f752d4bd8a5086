"""The engine for long acts: steps, outcomes, retries, cancelling."""

from datetime import timedelta

import pytest

from agentmesh_release.core import operations
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.operations import (
    Done,
    Errored,
    Failed,
    Outcome,
    StepContext,
    Wait,
)
from agentmesh_release.core.operations.engine import MAX_ATTEMPTS, attempt
from agentmesh_release.core.refusals import Refused
from agentmesh_release.providers.errors import ProviderError

from .painting import BEN, Paint, ask, make_due, run, states

pytestmark = pytest.mark.django_db(transaction=True)


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
