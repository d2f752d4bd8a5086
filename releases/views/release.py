"""One release: what blocks it, who approved it, what it contains, where it is live."""

from dataclasses import replace
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agentmesh_release.core import dialogs, markdown, pages
from agentmesh_release.core.access import acting, may, permitted
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.models import AuditEvent

from .. import artifacts, known_issues
from ..conventional import changelog
from ..drafting.differences import beside
from ..drafting.notes import of_release
from ..models.activation import Activation
from ..models.deployment import Deployment
from ..models.environment import Environment
from ..models.migration_reading import MigrationReading
from ..models.promotion import Promotion
from ..models.release import Release
from ..models.rollback import Rollback
from ..overview.waiting import for_reader
from ..production.way_back import was_rolled_back, ways_back
from ..readers import afterwards
from ..readers.comparison import versions_beside
from .published import shown
from .release_tabs import tabs

TIMELINE_LENGTH = 50
# What stands beside each deed; what the rollback's own event says better is left out.
ICONS = {
    "release.cut": "release",
    "release.complete": "check",
    "release.fail": "failed",
    "release.cancel": "close",
    "release.withdraw": "close",
    "notes.edit": "note",
    "promotion.approve": "check",
    "promotion.execute": "arrow-up",
    "promotion.complete": "live",
    "promotion.fail": "failed",
    "promotion.cancel": "close",
    "promotion.withdraw": "close",
    "rollback.start": "rotate-left",
    "rollback.complete": "check",
}
WENT_BACK = (Rollback.State.RUNNING, Rollback.State.DONE)
SAID_BY_THE_ROLLBACK = "promotion.supersede"


def release_or_404(slug: str, version: str, **rows: Any) -> Release:
    """The release with its project, predecessor and known issues, `others` to compare it with, and
    what else is read beside it."""
    return get_object_or_404(
        Release.objects.annotate(
            was_rolled_back=was_rolled_back(),
            others=versions_beside(),
            issue_rows=known_issues.rows(),
            **rows,
        )
        .select_related("project", "previous", "edited_notes", "publication__operation")
        .defer("previous__changelog"),
        project__slug=slug,
        version=version,
    )


@require_GET
@permitted("read")
def release(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The checklist while it waits; the evidence as it was once it is decided."""
    found = release_or_404(
        slug,
        version,
        artifact_rows=artifacts.of_release(),
        rollback_rows=afterwards.rollbacks(),
        flip_rows=afterwards.flips(),
    )
    promotion = (
        Promotion.objects.filter(release=found, environment__kind=Environment.Kind.PRODUCTION)
        .select_related("operation", "environment__project")
        .prefetch_related("approvals")
        .first()
    )
    live, was_live = _activations(found)
    builds = _builds(found)
    checklist = for_reader(request.user, _checklist(promotion))
    is_live = bool(live and live.release_id == found.pk)
    rollback = None if is_live else _rollback_of(found)
    context: dict[str, Any] = {
        "release": found,
        "project": found.project,
        "promotion": promotion,
        "checklist": checklist,
        "rollback": rollback,
        "changelog": changelog.from_json(found.changelog) if found.changelog else None,
        **_notes(found),
        "afterwards": afterwards.of(found),
        "live": live,
        "was_live": was_live,
        "is_live": is_live,
        "build": _build(builds, promotion),
        "migrations": MigrationReading.objects.filter(
            project=found.project, sha=found.commit_sha
        ).first(),
        "back_to": ways_back(found).first() if is_live else None,
        "is_way_back": _is_way_back(found, live, builds),
        "artifacts": artifacts.of(found),
        "issues": known_issues.of(found),
        "tabs": tabs(found, "release"),
        "timeline": _timeline(found, promotion, rollback),
        **shown(found),
        **_waiting(checklist),
        **_rights(request, slug, promotion),
    }
    return pages.render(request, "releases/release.html", context)


def _checklist(promotion: Promotion | None) -> Checklist:
    """Live while it waits, frozen once it is decided."""
    if promotion is None:
        return Checklist()
    if promotion.is_requested:
        return Checklist.from_json(promotion.checklist).aged(timezone.now())
    return _dated(Checklist.from_json(promotion.decided or promotion.checklist))


def _dated(frozen: Checklist) -> Checklist:
    """What was known at the instant of the decision is as old as that."""
    items = (
        replace(item, verdict=replace(item.verdict, as_of=item.verdict.as_of or frozen.checked_at))
        for item in frozen
    )
    return replace(frozen, items=tuple(items))


def _notes(found: Release) -> dict[str, Any]:
    """What somebody wrote in place of the generated changelog, and the two beside each other."""
    notes = of_release(found)
    if notes.edited is None:
        return {"edited": None}
    return {
        "edited": notes.edited,
        "written": markdown.render(notes.text),
        "beside": beside(notes.generated, notes.text),
    }


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


def _rollback_of(found: Release) -> Rollback | None:
    """The last rollback away from it."""
    return Rollback.objects.filter(bad_release=found, state__in=WENT_BACK).first()


def _builds(found: Release) -> list[Deployment]:
    """Production builds of its commit, newest first."""
    builds = Deployment.objects.for_production()
    return list(builds.filter(project=found.project, sha=found.commit_sha)[:20])


def _build(builds: list[Deployment], promotion: Promotion | None) -> Deployment | None:
    """The build that the plan names, else the newest."""
    planned = promotion.plan.get("build") if promotion else ""
    named = (build for build in builds if build.vercel_id == planned)
    return next(named, builds[0] if builds and not planned else None)


def _is_way_back(found: Release, live: Activation | None, builds: list[Deployment]) -> bool:
    """Whether a rollback can go to it: it is older than what is live, and was live before."""
    if live and live.release and live.release.precedence <= found.precedence:
        return False
    return any(build.can_be_rolled_back_to for build in builds)


def _timeline(
    found: Release, promotion: Promotion | None, rollback: Rollback | None
) -> list[dict[str, Any]]:
    """What people did with it, newest first."""
    subjects = [each.subject for each in (found, promotion, rollback) if each]
    events = AuditEvent.objects.filter(subject__in=subjects).exclude(verb=SAID_BY_THE_ROLLBACK)
    return [
        {"event": event, "icon": ICONS.get(event.verb, "note")}
        for event in events[:TIMELINE_LENGTH]
    ]


def _waiting(checklist: Checklist) -> dict[str, Any]:
    """What the bar says while it is blocked: whether only time or people are missing, and who."""
    blockers = checklist.blockers
    approval = next((item for item in blockers if item.gate == "approvals"), None)
    return {
        "is_pending": all(item.state == "pending" for item in blockers),
        "waits_for_approval": approval is not None and len(blockers) == 1,
        "way_to_approval": approval.verdict.way if approval else "",
    }


def _rights(request: HttpRequest, slug: str, promotion: Promotion | None) -> dict[str, Any]:
    """What the viewer may do, and has done."""
    user = request.user
    return {
        "may_edit_notes": may(user, "notes.edit", slug),
        "may_cut": may(user, "release.cut", slug),
        "may_withdraw": may(user, "release.withdraw", slug),
        "may_ask": may(user, "promotion.ask", slug),
        "may_add_issue": may(user, "known_issue.add", slug),
        "may_close_issue": may(user, "known_issue.close", slug),
        "may_check": may(user, "promotion.check", slug),
        "may_approve": may(user, "promotion.approve", slug),
        "may_execute": may(user, "promotion.execute", slug),
        "may_roll_back": may(user, "rollback.start", slug),
        "may_adopt": may(user, "production.adopt", slug),
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
