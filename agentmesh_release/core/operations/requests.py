"""Asking for an operation: start one, take over from one, cancel one.

Locks are always taken in one order: environment, operation, the row that it acts for.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction

from .. import live
from ..actors import Actor
from ..frozen import lose_locks_when_frozen
from ..leases import ClockTimestamp
from ..models.operation import Operation, Step
from ..publishing import wake
from ..refusals import Refused
from .kinds import kinds


@dataclass(frozen=True)
class Request:
    """What is asked for; see `Operation` for the fields."""

    kind: str
    label: str
    acts_for: str
    environment: str
    requested_by: Actor
    scope: str = ""
    reason: str = ""
    plan: dict[str, Any] = field(default_factory=dict)


@contextmanager
def environment_lock(environment: str) -> Iterator[None]:
    """One at a time per environment, until the transaction ends. Opens one."""
    with transaction.atomic(), live.one_notice():
        lose_locks_when_frozen()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [environment])
        yield


def start(request: Request) -> Operation:
    """Start the operation, or let it wait its turn behind the one that runs.

    Raises Refused (`environment_busy`) when one is waiting already.
    """
    with environment_lock(request.environment):
        active = list(_active(request.environment))
        waiting = next((each for each in active if each.state == Operation.State.QUEUED), None)
        if waiting:
            raise Refused(
                "environment_busy",
                f"{active[0].label} is running and {waiting.label} waits behind it; "
                "ask again when one of them has ended.",
            )
        operation = _create(request)
        if not active:
            admit(operation, request.requested_by)
    return operation


def take_over(request: Request) -> Operation:
    """Start the operation at once, in place of whatever runs or waits on its environment.

    The worker of what ran is fenced out at its next boundary (DESIGN: a rollback takes over).
    """
    with environment_lock(request.environment):
        for operation in _active(request.environment):
            end(operation, "supersede", request.requested_by, f"Taken over by: {request.label}")
        operation = _create(request)
        admit(operation, request.requested_by)
    return operation


def cancel(operation: Operation, *, by: Actor, reason: str) -> None:
    """End it between steps: at once when nobody is at it, else at the next boundary.

    Raises Refused (`not_now`) when it has ended.
    """
    with environment_lock(operation.environment), operation.door() as locked:
        if not locked.is_active:
            raise Refused("not_now", locked.not_now("cancel"))
        at_work = Operation.objects.filter(pk=locked.pk, lease_until__gte=ClockTimestamp())
        if at_work.exists():
            locked.cancel_asked_by = by.name
            locked.reason = reason
            locked.save(update_fields=["cancel_asked_by", "reason"])
            live.stale(*locked.topics())
        else:
            end(locked, "cancel", by, reason)


def admit(operation: Operation, actor: Actor) -> None:
    """Let a waiting operation run; inside its environment's lock."""
    operation.move("start", actor=actor, started_at=ClockTimestamp(), due_at=ClockTimestamp())
    transaction.on_commit(lambda: wake("core.run_operation", operation.pk))


def end(operation: Operation, verb: str, actor: Actor, outcome: str) -> None:
    """Carry out the last transition, tell whom it acted for, and admit who waits.

    Inside the environment's lock, with the operation's row locked.
    """
    operation.move(
        verb,
        actor=actor,
        reason=outcome,
        outcome=outcome,
        ended_at=ClockTimestamp(),
        lease_until=None,
        lease_token=operation.lease_token + 1,
    )
    operation.refresh_from_db()
    if verb != "finish":
        operation.steps.filter(state=Step.State.PENDING).update(state=Step.State.CANCELLED)
        operation.steps.filter(state=Step.State.RUNNING).update(
            state=Step.State.FAILED if verb == "fail" else Step.State.CANCELLED,
            ended_at=ClockTimestamp(),
            detail=outcome,
        )
    kinds.get(operation.kind).ended(operation)
    if verb != "supersede":
        _admit_next(operation.environment)


def _admit_next(environment: str) -> None:
    waiting = _active(environment).filter(state=Operation.State.QUEUED).first()
    if waiting:
        admit(waiting, Actor.system("operations"))


def _active(environment: str) -> Any:
    return (
        Operation.objects.select_for_update()
        .filter(environment=environment, state__in=Operation.ACTIVE)
        .order_by("id")
    )


def _create(request: Request) -> Operation:
    operation: Operation = Operation.objects.create(
        kind=request.kind,
        label=request.label,
        acts_for=request.acts_for,
        scope=request.scope,
        environment=request.environment,
        plan=request.plan,
        reason=request.reason,
        requested_by=request.requested_by.name,
    )
    Step.objects.bulk_create(
        Step(operation=operation, position=position, name=step.name, label=step.label)
        for position, step in enumerate(kinds.get(request.kind).steps)
    )
    live.stale(*operation.topics())
    return operation
