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
    live = (
        Activation.objects.live().filter(environment=production).select_related("release").first()
    )

    def act() -> str:
        with operations.environment_lock(production.key):
            if live is None or not live.is_outside:
                raise Refused("nothing_to_adopt", "What is live is explained already.")
            going_live.adopt(
                live, by=acting(request), reason=reason_of(request), now=timezone.now()
            )
        return reverse("overview")

    context = {"project": production.project, "production": production, "live": live}
    return dialogs.ask(request, "releases/adoption.html", context, act)
