"""One promotion: its steps while it runs, and the decisions about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentmesh_release.core import dialogs, pages, polls
from agentmesh_release.core.access import acting, may, permitted
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.models import Step
from agentmesh_release.core.registries import show_panels

from ..models.activation import Activation
from ..models.promotion import Promotion
from ..production import checklists
from ..production.way_back import ways_back

LOG_LENGTH = 100


def promotion_or_404(slug: str, pk: int) -> Promotion:
    return get_object_or_404(
        Promotion.objects.select_related(
            "release__project", "release__previous", "environment__project", "operation"
        )
        .defer("release__changelog", "release__previous__changelog")
        .prefetch_related("approvals"),
        pk=pk,
        release__project__slug=slug,
    )


def _release_url(promotion: Promotion) -> str:
    return reverse("release", args=[promotion.scope, promotion.release.version])


def _promotion_url(promotion: Promotion) -> str:
    return reverse("promotion", args=[promotion.scope, promotion.pk])


def _watched_s(watch: Step | None) -> int:
    """How long the watch has lasted; scripts let it tick on."""
    if watch is None or watch.started_at is None:
        return 0
    return round((timezone.now() - watch.started_at).total_seconds())


@require_GET
@permitted("read")
def promotion(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """The operation's steps, its log, and what the watch sees."""
    found = promotion_or_404(slug, pk)
    steps = list(found.operation.steps.all()) if found.operation else []
    watch = next((step for step in steps if step.name == "watch"), None)
    context = {
        "promotion": found,
        "release": found.release,
        "project": found.release.project,
        "operation": found.operation,
        "steps": steps,
        "watch": watch,
        "watch_ends": parse_datetime(watch.data.get("ends_at", "")) if watch else None,
        "watched_s": _watched_s(watch),
        "back_to": ways_back(found.release).first(),
        "after": Checklist.from_json(watch.data.get("checklist", {})) if watch else Checklist(),
        "log": list(found.operation.log.order_by("-id")[:LOG_LENGTH])[::-1]
        if found.operation
        else [],
        "live": Activation.objects.live_in(found.environment),
        "panels": show_panels("promotion", request, found),
        "may_cancel": may(request.user, "promotion.cancel", slug),
        "may_roll_back": may(request.user, "rollback.start", slug),
        "may_ask": may(request.user, "promotion.ask", slug),
    }
    return pages.render(request, "releases/promotion.html", context)


@require_http_methods(["GET", "POST"])
@permitted("promotion.approve")
def approval(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Say yes to the plan that is shown."""
    found = promotion_or_404(slug, pk)

    def act() -> str:
        found.approve(
            by=acting(request),
            plan_hash=request.POST.get("plan_hash", ""),
            comment=request.POST.get("reason", "").strip()[: dialogs.REASON_LIMIT],
            now=timezone.now(),
        )
        messages.success(request, f"You approved {found.release}.")
        return _release_url(found)

    return dialogs.ask(request, "releases/approval.html", _question(found), act)


@require_http_methods(["GET", "POST"])
@permitted("promotion.execute")
def execution(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Promote: state the consequence, then start the operation."""
    found = promotion_or_404(slug, pk)

    def act() -> str:
        found.execute(
            by=acting(request),
            plan_hash=request.POST.get("plan_hash", ""),
            reason=reason_of(request),
            now=timezone.now(),
        )
        return _promotion_url(found)

    return dialogs.ask(request, "releases/execution.html", _question(found), act)


def _question(found: Promotion) -> dict[str, object]:
    return {
        "promotion": found,
        "release": found.release,
        "project": found.release.project,
        "checklist": Checklist.from_json(found.checklist).aged(timezone.now()),
        "live": Activation.objects.live_in(found.environment),
    }


@require_POST
@permitted("promotion.check")
def check(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Check the gates again: what is known at once, the providers as soon as a worker can."""
    found = promotion_or_404(slug, pk)
    checklists.refresh([found])
    for kind in ("github", "vercel", "app-database"):
        polls.hurry(kind, slug)
    return redirect(_release_url(found))


@require_http_methods(["GET", "POST"])
@permitted("promotion.ask")
def withdrawal(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Take the request back."""
    found = promotion_or_404(slug, pk)

    def act() -> str:
        found.withdraw(by=acting(request), reason=reason_of(request), now=timezone.now())
        return _release_url(found)

    return dialogs.ask(request, "releases/withdrawal.html", _question(found), act)


@require_http_methods(["GET", "POST"])
@permitted("promotion.cancel")
def cancellation(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    """Stop the operation between two steps."""
    found = promotion_or_404(slug, pk)

    def act() -> str:
        found.cancel(by=acting(request), reason=reason_of(request))
        return _promotion_url(found)

    return dialogs.ask(request, "releases/cancellation.html", _question(found), act)
