"""A promotion: admit → promote → confirm → watch."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from agentmesh_release.core import live, operations
from agentmesh_release.core.gates import Checklist
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

from ..models.activation import Activation
from ..models.hold import Hold
from ..models.promotion import AFTER, Promotion
from ..production import going_live
from ..production.checklists import gather
from ..production.plans import plan_hash, plan_of
from .alias_move import AliasMove

WATCH_EVERY = timedelta(seconds=5)


def admit(context: StepContext) -> Outcome:
    """Ask the gates again, on evidence read just now, and freeze what they said."""
    promotion = _promotion(context.operation)
    if held := _held_meanwhile(context, promotion):
        return Failed(
            f"Production was held after this was started ({held.reason}). Look, then promote again."
        )
    gather(promotion.release)
    promotion = _promotion(context.operation)  # with what was just read
    if plan_hash(plan_of(promotion.release, promotion.environment)) != promotion.plan_hash:
        return Failed("The plan changed after it was approved. Ask for approval of the new one.")
    checklist = promotion.evaluate(timezone.now())
    _freeze(context, promotion, checklist)
    if not checklist.is_clear:
        return Failed(checklist.refusal)
    return Done(f"{len(checklist)} gates clear")


def _held_meanwhile(context: StepContext, promotion: Promotion) -> Hold | None:
    """A hold lasts until a person promotes again, knowing of it: one who pressed before did not."""
    return (
        Hold.objects.standing()
        .filter(environment=promotion.environment, since__gt=context.operation.created_at)
        .first()
    )


def _freeze(context: StepContext, promotion: Promotion, checklist: Checklist) -> None:
    with operations.environment_lock(context.operation.environment):
        context.locked()
        Promotion.objects.filter(pk=promotion.pk).update(
            decided=checklist.as_json(), checklist=checklist.as_json()
        )


def promote(context: StepContext) -> Outcome:
    """Point the production domain at the staged build: the very artifact that was tested."""
    return _move(context).advance()


def confirm(context: StepContext) -> Outcome:
    """Read the domain back, record what is live, and close the bypass if Vercel opened it."""
    move = _move(context)
    outcome = move.confirm()
    if isinstance(outcome, Done):
        _record(context, Activation.Origin.PROMOTION)
        _close_bypass(context, move)
    return outcome


def _record(context: StepContext, origin: str) -> None:
    promotion = _promotion(context.operation)
    with operations.environment_lock(context.operation.environment):
        context.locked()
        going_live.record(
            promotion.environment,
            vercel_id=context.plan["build"],
            sha=context.plan["commit"],
            origin=origin,
            by=context.operation.requested_by,
            now=context.now(),
        )
        going_live.lift(promotion.environment, by=context.operation.requested_by, now=context.now())


def _close_bypass(context: StepContext, move: AliasMove) -> None:
    """A promote after a rollback switches Vercel's own assignment on again (FACTS 2.4)."""
    project = move.environment.project
    if move.client.project(project.vercel_project_id).auto_assign_custom_domains:
        with context.acting():
            move.client.assign_domains_by_itself(project.vercel_project_id, False)
        context.note("Vercel: automatic assignment of the production domain switched off again")


def watch(context: StepContext) -> Outcome:
    """Look after it for the length of the plan's watch; the page shows each reading."""
    promotion = _promotion(context.operation)
    now = context.now()
    if context.step.started_at is None:
        return Wait(WATCH_EVERY)
    ends_at = context.step.started_at + timedelta(seconds=context.plan["watch_s"])
    checklist = promotion.evaluate(timezone.now(), AFTER)
    _note_changes(context, checklist)
    context.keep(checklist=checklist.as_json(), ends_at=ends_at.isoformat())
    with transaction.atomic():
        live.stale(promotion.subject, promotion.release.subject)
    if now < ends_at:
        return Wait(min(WATCH_EVERY, ends_at - now), _seen(checklist))
    return Done(_seen(checklist))


def _note_changes(context: StepContext, checklist: Checklist) -> None:
    before = Checklist.from_json(context.data.get("checklist", {}))
    known = {item.gate: item.state for item in before}
    for item in checklist:
        if known.get(item.gate) != item.state:
            context.note(f"{item.label}: {item.verdict.summary}", item.state)


def _seen(checklist: Checklist) -> str:
    if not len(checklist):
        return "Nothing to watch is configured."
    if checklist.is_clear:
        return f"{len(checklist)} of {len(checklist)} signs are good."
    return " ".join(f"{item.label}: {item.verdict.summary}" for item in checklist.blockers)


def _promotion(operation: Operation) -> Promotion:
    return Promotion.objects.select_related("release__project", "environment__project").get(
        pk=operation.acts_for.partition(":")[2]
    )


def _move(context: StepContext) -> AliasMove:
    environment = _promotion(context.operation).environment
    return AliasMove(
        context, environment, environment.project.vercel(), "promote", context.plan["build"]
    )


def ended(operation: Operation) -> None:
    _promotion(operation).end(operation)


PROMOTION = OperationKind(
    Promotion.KIND,
    steps=(
        StepKind("admit", "Admit", admit),
        StepKind("promote", "Promote", promote),
        StepKind("confirm", "Confirm", confirm),
        StepKind("watch", "Watch", watch),
    ),
    ended=ended,
)
