"""One release: what blocks it, who approved it, what it contains, where it is live."""

from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agentmesh_release.core import dialogs, pages
from agentmesh_release.core.access import acting, may, permitted
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.models import AuditEvent

from ..conventional import changelog
from ..models.activation import Activation
from ..models.deployment import Deployment
from ..models.environment import Environment
from ..models.migration_reading import MigrationReading
from ..models.promotion import Promotion
from ..models.release import Release
from ..way_back import was_rolled_back, ways_back

TIMELINE_LENGTH = 50


def release_or_404(slug: str, version: str) -> Release:
    """The release with its project and predecessor."""
    return get_object_or_404(
        Release.objects.annotate(was_rolled_back=was_rolled_back())
        .select_related("project", "previous")
        .defer("previous__changelog"),
        project__slug=slug,
        version=version,
    )


@require_GET
@permitted("read")
def release(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The checklist while it waits; the evidence as it was once it is decided."""
    found = release_or_404(slug, version)
    promotion = (
        Promotion.objects.filter(release=found, environment__kind=Environment.Kind.PRODUCTION)
        .select_related("operation", "environment__project")
        .prefetch_related("approvals")
        .first()
    )
    live, was_live = _activations(found)
    builds = _builds(found)
    context: dict[str, Any] = {
        "release": found,
        "project": found.project,
        "promotion": promotion,
        "checklist": _checklist(promotion),
        "changelog": changelog.from_json(found.changelog) if found.changelog else None,
        "live": live,
        "was_live": was_live,
        "is_live": bool(live and live.release_id == found.pk),
        "build": _build(builds, promotion),
        "migrations": MigrationReading.objects.filter(
            project=found.project, sha=found.commit_sha
        ).first(),
        "back_to": ways_back(found).first() if live and live.release_id == found.pk else None,
        "can_go_back": any(build.can_be_rolled_back_to for build in builds),
        "timeline": _timeline(found, promotion),
        **_rights(request, slug, promotion),
    }
    return pages.render(request, "releases/release.html", context)


def _checklist(promotion: Promotion | None) -> Checklist:
    """Live while it waits, frozen once it is decided."""
    if promotion is None:
        return Checklist()
    if promotion.is_requested:
        return Checklist.from_json(promotion.checklist).aged(timezone.now())
    return Checklist.from_json(promotion.decided or promotion.checklist)


def _activations(found: Release) -> tuple[Activation | None, Activation | None]:
    """What is live now, and the last time that this release was."""
    known = list(
        Activation.objects.filter(
            environment__project=found.project, environment__kind=Environment.Kind.PRODUCTION
        )
        .filter(Q(until=None) | Q(release=found))
        .select_related("release", "environment")
        .defer("release__changelog")
    )
    live = next((each for each in known if each.until is None), None)
    mine = next((each for each in known if each.release_id == found.pk), None)
    return live, mine


def _builds(found: Release) -> list[Deployment]:
    """Production builds of its commit, newest first."""
    builds = Deployment.objects.for_production()
    return list(builds.filter(project=found.project, sha=found.commit_sha)[:20])


def _build(builds: list[Deployment], promotion: Promotion | None) -> Deployment | None:
    """The build that the plan names, else the newest."""
    planned = promotion.plan.get("build") if promotion else ""
    named = (build for build in builds if build.vercel_id == planned)
    return next(named, builds[0] if builds and not planned else None)


def _timeline(found: Release, promotion: Promotion | None) -> list[AuditEvent]:
    subjects = [found.subject]
    if promotion:
        subjects += [promotion.subject]
        subjects += [f"operation:{promotion.operation_id}"] if promotion.operation_id else []
    return list(AuditEvent.objects.filter(subject__in=subjects)[:TIMELINE_LENGTH])


def _rights(request: HttpRequest, slug: str, promotion: Promotion | None) -> dict[str, Any]:
    """What the viewer may do, and has done."""
    user = request.user
    return {
        "may_ask": may(user, "promotion.ask", slug),
        "may_approve": may(user, "promotion.approve", slug),
        "may_execute": may(user, "promotion.execute", slug),
        "may_roll_back": may(user, "rollback.start", slug),
        "is_requester": bool(promotion and promotion.requester_id == user.pk),
        "has_approved": bool(
            promotion and any(each.user_id == user.pk for each in promotion.counted())
        ),
    }


@require_http_methods(["GET", "POST"])
@permitted("promotion.ask")
def request_promotion(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Ask for its promotion, or ask again after one that ended."""
    found = release_or_404(slug, version)
    here = reverse("release", args=[slug, version])

    def act() -> str:
        production = found.project.environments.get(kind=Environment.Kind.PRODUCTION)
        Promotion.ask(found, production, by=acting(request), reason=reason_of(request))
        return here

    return dialogs.ask(
        request, "releases/request.html", {"release": found, "project": found.project}, act
    )
