"""The strip's cell on production: whether what is live is what we put there."""

from datetime import UTC, datetime

from django.http import HttpRequest

from agentmesh_release.core.registries import Panel, panels_of

from .models.repository_hook import RepositoryHook
from .overview.lanes import Lane

POSITION = 30
HOOKS_SHOWN = 50
NEVER = datetime.min.replace(tzinfo=UTC)


def strip_cell(request: HttpRequest, lanes: list[Lane]) -> Panel:
    """What was changed from outside, else what moves, else what is held, else what came last."""
    live = [lane for lane in lanes if lane.live]
    context = {
        "outside": [lane for lane in live if lane.production_state == "outside"],
        "rollbacks": [lane for lane in lanes if lane.rollback],
        "promotions": [lane for lane in lanes if lane.promotion and lane.promotion.is_running],
        "held": [lane for lane in live if lane.hold],
        "live": live,
        "last": max(live, key=_since, default=None),
    }
    return Panel("releases/strip_production.html", context, POSITION)


def _since(lane: Lane) -> datetime:
    return lane.live.since if lane.live else NEVER


def repository_hooks(_request: HttpRequest, _subject: object) -> Panel | None:
    """Which repositories' webhooks reach us, those that do not first."""
    hooks = list(RepositoryHook.objects.all())
    if not hooks:
        return None
    reaching = [hook for hook in hooks if hook.state == RepositoryHook.State.REACHING]
    others = [hook for hook in hooks if hook not in reaching]
    shown = (others + reaching)[:HOOKS_SHOWN]
    context = {"hooks": shown, "reaching": len(reaching), "total": len(hooks)}
    return Panel("releases/repository_hooks.html", context)


panels_of("overview").register("production", strip_cell)
panels_of("webhooks").register("repositories", repository_hooks)
