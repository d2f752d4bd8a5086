"""What is live in production: adopting a change that was made outside."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import dialogs, operations
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.refusals import Refused

from ..models.activation import Activation
from ..models.environment import Environment
from ..production import going_live


@require_http_methods(["GET", "POST"])
@permitted("production.adopt")
def adoption(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer for a change of production that AgentMesh Release did not make."""
    production = get_object_or_404(
        Environment.objects.select_related("project"),
        project__slug=slug,
        kind=Environment.Kind.PRODUCTION,
    )

    def act() -> str:
        reason = reason_of(request)
        with operations.environment_lock(production.key):
            present = _shown(production, request.POST.get("live", ""))
            going_live.adopt(present, by=acting(request), reason=reason, now=timezone.now())
        return reverse("overview")

    context = {
        "project": production.project,
        "production": production,
        "live": Activation.objects.live_in(production),
    }
    return dialogs.ask(request, "releases/adoption.html", context, act)


def _shown(production: Environment, seen: str) -> Activation:
    """What is live outside, if it is what the page showed (`seen` is its id).

    Raises Refused: `nothing_to_adopt`, `changed_meanwhile`.
    """
    present = Activation.objects.live_in(production)
    if present is None or not present.is_outside:
        raise Refused("nothing_to_adopt", "What is live is explained already.")
    if str(present.pk) != seen:
        raise Refused(
            "changed_meanwhile",
            f"{present.name} went live since this page was shown. Look at it, then decide.",
        )
    return present
