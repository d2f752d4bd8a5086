"""Rolling back, and one rollback's steps."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agentmesh_release.core import dialogs, pages
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.dialogs import reason_of

from ..models.activation import Activation
from ..models.environment import Environment
from ..models.hold import Hold
from ..models.promotion import Promotion
from ..models.rollback import Rollback
from .promotion import LOG_LENGTH
from .release import release_or_404


@require_http_methods(["GET", "POST"])
@permitted("rollback.start")
def start(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Say what going back means, then start: no gate, freeze or approval is asked."""
    to = release_or_404(slug, version)
    production = Environment.objects.select_related("project").get(
        project=to.project, kind=Environment.Kind.PRODUCTION
    )

    def act() -> str:
        started = Rollback.start(
            to,
            production,
            by=acting(request),
            reason=reason_of(request),
            now=timezone.now(),
        )
        return reverse("rollback", args=[slug, started.pk])

    context = {
        "release": to,
        "project": to.project,
        "production": production,
        "live": Activation.objects.live_in(production),
        "running": Promotion.objects.filter(environment=production, state=Promotion.State.RUNNING)
        .select_related("release__project")
        .first(),
    }
    return dialogs.ask(request, "releases/rollback_start.html", context, act)


@require_GET
@permitted("read")
def rollback(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The operation's steps and log, and the hold afterwards."""
    found = get_object_or_404(
        Rollback.objects.select_related(
            "release__project", "bad_release", "environment__project", "operation"
        ).defer("release__changelog", "bad_release__changelog"),
        pk=pk,
        release__project__slug=slug,
    )
    operation = found.operation
    context = {
        "rollback": found,
        "release": found.release,
        "project": found.release.project,
        "operation": operation,
        "steps": list(operation.steps.all()) if operation else [],
        "log": list(operation.log.order_by("-id")[:LOG_LENGTH])[::-1] if operation else [],
        "hold": Hold.objects.standing().filter(environment=found.environment).first(),
        "live": Activation.objects.live_in(found.environment),
    }
    return pages.render(request, "releases/rollback.html", context)
