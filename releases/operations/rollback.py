"""A rollback: roll back → confirm → guard."""

from datetime import datetime, timedelta

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import (
    Done,
    Failed,
    OperationKind,
    Outcome,
    StepContext,
    StepKind,
    Wait,
)

from .. import going_live
from ..models.activation import Activation
from ..models.rollback import Rollback
from .alias_move import CALL_S, AliasMove

LOOK_EVERY = timedelta(seconds=2)
# A late writer's call can land for as long as its client waits; twice that is watched.
GUARD = timedelta(seconds=2 * CALL_S)


def roll_back(context: StepContext) -> Outcome:
    """Point the production domain at the earlier build."""
    return _move(context).advance()


def confirm(context: StepContext) -> Outcome:
    """Read the domain back, record what is live, and hold automation."""
    move = _move(context)
    if not move.shows_build():
        return Failed(f"{move.environment.domain} does not show {move.build}.")
    rollback = _rollback(context.operation)
    with operations.environment_lock(context.operation.environment):
        context.locked()
        now = context.now()
        going_live.record(
            rollback.environment,
            vercel_id=move.build,
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
    return Done(f"{move.environment.domain} shows it", move.build)


def guard(context: StepContext) -> Outcome:
    """Watch the domain for a late writer of what was taken over, and repair what it moved."""
    move = _move(context)
    if not move.shows_build():
        if not context.data.get("asked_since"):
            context.note("Something moved the domain again; moving it back.", "warning")
        outcome = move.advance()
        context.keep(quiet_since=None)
        return outcome
    now = context.now()
    quiet_since = context.data.get("quiet_since")
    if quiet_since is None:
        context.keep(quiet_since=now.isoformat(), asked_since=None, asked_at=None)
        return Wait(LOOK_EVERY, "Watching that nothing moves the domain again.")
    if now - datetime.fromisoformat(quiet_since) < GUARD:
        return Wait(LOOK_EVERY, "Watching that nothing moves the domain again.")
    return Done("Nothing moved the domain again.")


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
