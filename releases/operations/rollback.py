"""A rollback: roll back → confirm → guard."""

from datetime import datetime, timedelta

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import (
    Done,
    OperationKind,
    Outcome,
    StepContext,
    StepKind,
    Wait,
    timing,
)

from ..models.activation import Activation
from ..models.hold import Hold
from ..models.rollback import Rollback
from ..production import going_live
from .alias_move import AliasMove

LOOK_EVERY = timedelta(seconds=2)


def roll_back(context: StepContext) -> Outcome:
    """Point the production domain at the earlier build."""
    return _move(context).advance()


def confirm(context: StepContext) -> Outcome:
    """Read the domain back, record what is live, and hold automation.

    A late writer of what was taken over may have moved it again by now; then it is moved back.
    """
    outcome = _move(context).advance()
    if isinstance(outcome, Done):
        _record(context)
    return outcome


def _record(context: StepContext) -> None:
    rollback = _rollback(context.operation)
    with operations.environment_lock(context.operation.environment):
        context.locked()
        if _is_recorded(context, rollback):
            return
        now = context.now()
        going_live.record(
            rollback.environment,
            vercel_id=context.plan["build"],
            sha=context.plan["commit"],
            origin=Activation.Origin.ROLLBACK,
            by=rollback.requested_by,
            now=now,
        )
        going_live.hold(
            rollback.environment,
            release=rollback.bad_release,
            bad_sha=rollback.bad_sha,
            reason=rollback.reason,
            by=rollback.requested_by,
            now=now,
        )


def _is_recorded(context: StepContext, rollback: Rollback) -> bool:
    """Whether an attempt that did not live to tell has placed the hold already."""
    placed = Hold.objects.filter(
        environment=rollback.environment, since__gte=context.operation.created_at
    )
    return placed.exists()


def guard(context: StepContext) -> Outcome:
    """Watch the domain for a late writer of what was taken over, and repair what it moved."""
    move = _move(context)
    if not move.look().shows(move.build):
        if not context.data.get("asked_since"):
            context.note("Something moved the domain again; moving it back.", "warning")
        context.keep(quiet_since=None)
        return move.advance()
    now = context.now()
    quiet_since = context.data.get("quiet_since")
    if quiet_since is None:
        context.keep(quiet_since=now.isoformat(), asked_since=None)
    elif now - datetime.fromisoformat(quiet_since) > _guarded_for():
        return Done("Nothing moved the domain again.")
    return Wait(LOOK_EVERY, "Watching that nothing moves the domain again.")


def _guarded_for() -> timedelta:
    """A late writer's call is sent within one `act_s`, and what it does is seen within another."""
    return timedelta(seconds=2 * timing.act_s())


def _rollback(operation: Operation) -> Rollback:
    return Rollback.objects.select_related(
        "release__project", "environment__project", "bad_release"
    ).get(pk=operation.acts_for.partition(":")[2])


def _move(context: StepContext) -> AliasMove:
    environment = _rollback(context.operation).environment
    return AliasMove(
        context, environment, environment.project.vercel(), "rollback", context.plan["build"]
    )


def ended(operation: Operation) -> None:
    _rollback(operation).end(operation)


ROLLBACK = OperationKind(
    Rollback.KIND,
    steps=(
        StepKind("roll_back", "Roll back", roll_back),
        StepKind("confirm", "Confirm", confirm),
        StepKind("guard", "Guard", guard),
    ),
    ended=ended,
)
