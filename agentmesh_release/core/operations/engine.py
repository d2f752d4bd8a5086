"""Running operations: take the lease, run the current step, store what came of it, go on.

Whoever calls `run` (a woken worker, the sweep) may call it at any time and any number of times:
the lease lets one in, the fencing token keeps out whoever was too slow.
"""

import logging
from datetime import timedelta

from django.db import connection, transaction

from ...providers.errors import ProviderError
from .. import live
from ..actors import Actor
from ..backoff import backoff_s
from ..frozen import lose_locks_in_the_end
from ..leases import ClockTimestamp
from ..models.operation import Operation, Step
from ..refusals import Refused
from . import requests, timing
from .keeping import kept
from .kinds import StepKind, kinds
from .outcomes import Done, Errored, Failed, Outcome, Wait
from .step_context import Fenced, StepContext, locked

logger = logging.getLogger("agentmesh_release.operations")

MAX_ATTEMPTS = 8
_ENGINE = Actor.system("operations")


def run(operation_id: int) -> None:
    """Run what is due of that operation, until it waits, ends, or is somebody else's."""
    lose_locks_in_the_end()
    while attempt(operation_id):
        pass


def attempt(operation_id: int) -> bool:
    """One attempt at the current step; answers whether to go on at once."""
    running = Operation.objects.filter(state=Operation.State.RUNNING)
    operation = running.claim(operation_id, timing.lease())
    if operation is None:
        return False
    try:
        context = _begin(operation)
        if context is None:
            return False
        outcome = _outcome(kinds.get(operation.kind).step(context.step.name), context)
        return _settle(context, outcome)
    except Fenced:
        logger.info("operation %s: fenced out, somebody else goes on", operation_id)
        return False


def _begin(operation: Operation) -> StepContext | None:
    """Mark the current step as running; None after honouring a wish to cancel."""
    with requests.environment_lock(operation.environment):
        held = locked(operation.pk, operation.lease_token)
        if held.cancel_asked_by:
            _honour_cancel(held)
            return None
        step = held.current_step()
        if step is None:
            raise LookupError(f"Operation {held.pk} runs but has no step left.")
        context = StepContext(operation, step, operation.lease_token)
        if step.state == Step.State.PENDING:
            step.state = Step.State.RUNNING
            step.started_at = context.now()
            step.save(update_fields=["state", "started_at"])
            live.stale(*held.topics())
    return context


def _outcome(kind: StepKind, context: StepContext) -> Outcome:
    """What the step says; anything it did not foresee is "could not tell"."""
    try:
        with kept(context):
            return kind.run(context)
    except Fenced:
        raise
    except Refused as refusal:
        return Failed(refusal.sentence)
    except ProviderError as error:
        if error.permanent:
            return Failed(str(error))
        return Errored(str(error), error.retry_after)
    except Exception as error:
        logger.exception("operation %s, step %s", context.operation.pk, context.step.name)
        connection.close_if_unusable_or_obsolete()
        return Errored(f"An unforeseen {type(error).__name__} stopped this step.")


def _settle(context: StepContext, outcome: Outcome) -> bool:
    """Store what came of the attempt; answers whether the next one is due at once."""
    with requests.environment_lock(context.operation.environment):
        operation = context.locked()
        step = operation.steps.get(pk=context.step.pk)
        match outcome:
            case Done():
                goes_on = _done(operation, step, outcome)
            case Wait():
                goes_on = _wait(operation, step, outcome)
            case Failed():
                goes_on = _fail(operation, step, outcome.reason)
            case Errored():
                goes_on = _errored(operation, step, outcome)
        if operation.is_active and operation.cancel_asked_by:
            _honour_cancel(operation)
            goes_on = False
        live.stale(*operation.topics())
    return goes_on


def _done(operation: Operation, step: Step, outcome: Done) -> bool:
    step.state = Step.State.DONE
    step.detail, step.reference = outcome.detail, outcome.reference
    step.save(update_fields=["state", "detail", "reference"])
    operation.steps.filter(pk=step.pk).update(ended_at=ClockTimestamp())
    operation.note(step.name, outcome.detail or "done")
    if operation.current_step() is None:
        requests.end(operation, "finish", _ENGINE, outcome.detail)
        return False
    _release_lease(operation, timedelta(0))
    return True


def _wait(operation: Operation, step: Step, outcome: Wait) -> bool:
    if outcome.detail and outcome.detail != step.detail:
        step.detail = outcome.detail
        step.save(update_fields=["detail"])
    _release_lease(operation, outcome.delay)
    return False


def _fail(operation: Operation, step: Step, reason: str) -> bool:
    operation.note(step.name, reason, "failed")
    requests.end(operation, "fail", _ENGINE, reason)
    return False


def _errored(operation: Operation, step: Step, outcome: Errored) -> bool:
    attempts = operation.attempts + 1
    if attempts >= MAX_ATTEMPTS:
        return _fail(
            operation, step, f"Gave up after {attempts} attempts. The last one: {outcome.reason}"
        )
    delay = max(backoff_s(attempts), outcome.retry_after_s or 0.0)
    operation.note(step.name, f"{outcome.reason} Trying again in {delay:.0f} s.", "warning")
    step.detail = outcome.reason
    step.save(update_fields=["detail"])
    _release_lease(operation, timedelta(seconds=delay), attempts)
    return False


def _release_lease(operation: Operation, delay: timedelta, attempts: int = 0) -> None:
    Operation.objects.filter(pk=operation.pk).update(
        lease_until=None, due_at=ClockTimestamp() + delay, attempts=attempts
    )


def _honour_cancel(operation: Operation) -> None:
    by = Actor("person", operation.cancel_asked_by)
    with transaction.atomic():
        requests.end(operation, "cancel", by, operation.reason)
