"""The draft of the next release, and cutting it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agentmesh_release.core import dialogs, markdown, pages
from agentmesh_release.core.access import acting, may, one_of, permitted, who_may
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.models import Poll
from agentmesh_release.core.paging import page_of

from .. import artifacts
from ..conventional import changelog
from ..drafting import drafted
from ..drafting.choices import choices, read
from ..drafting.cutting import cut as cut_release
from ..drafting.notes import of_draft
from ..drafting.validation import kept
from ..models.draft import Draft
from ..models.project import Project
from ..models.promotion import Promotion

PER_PAGE = 50


@require_GET
@permitted("read")
def draft(request: HttpRequest, slug: str) -> HttpResponse:
    """Next version and why, what is missing, the notes, and what comes with them."""
    project = get_object_or_404(Project.objects.select_related("draft__base"), slug=slug)
    present: Draft | None = getattr(project, "draft", None)
    context = {
        "project": project,
        "draft": present,
        "reading": Poll.objects.filter(kind="github", scope=slug).first(),
        **_told(project, present),
        **(_evidence(project, present) if present else {}),
        "page": page_of(
            project.commits.unreleased().defer("message"),
            request,
            key="position",
            per_page=PER_PAGE,
        ),
        "under_way": Promotion.objects.active()
        .filter(environment__project=project)
        .select_related("release")
        .defer("release__changelog")
        .first(),
        "validation": kept(present, timezone.now()),
        "may_edit_notes": may(request.user, "notes.edit", slug),
        "may_change_policy": may(request.user, "policy.change", slug),
        "may_cut": (may_cut := may(request.user, "release.cut", slug)),
        "cutters": "" if may_cut else one_of(who_may("release.cut", slug)),
    }
    return pages.render(request, "releases/draft.html", context)


def _told(project: Project, present: Draft | None) -> dict[str, Any]:
    """The changelog, and what somebody wrote in its place."""
    notes = of_draft(project)
    told = changelog.from_json(present.changelog) if present and present.changelog else None
    return {
        "changelog": told,
        "pull_requests": drafted.pull_requests(told) if told else 0,
        "notes": notes,
        "written": markdown.render(notes.text) if notes.edited else "",
    }


def _evidence(project: Project, present: Draft) -> dict[str, Any]:
    """What is known of the newest commit."""
    reading = drafted.migrations(project)
    return {
        "migrations": reading,
        "pending_migrations": drafted.pending(reading),
        "flags": drafted.flags(present),
        "artifacts": artifacts.of_head(project, present.base),
    }


@require_http_methods(["GET", "POST"])
@permitted("release.cut")
def cut(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what validation says, ask for the bump and the reason, then freeze the draft."""
    project = get_object_or_404(Project.objects.select_related("draft__base"), slug=slug)

    def act() -> str:
        bump, channel = read(request.POST.get("version", ""))
        release = cut_release(
            project,
            by=acting(request),
            head_sha=request.POST.get("head_sha", ""),
            bump=bump,
            channel=channel,
            reason=reason_of(request),
            now=timezone.now(),
        )
        return reverse("release", args=[slug, release.version])

    present: Draft | None = getattr(project, "draft", None)
    offered = choices(project)
    # Which version it will be is chosen here.
    validation = kept(present, timezone.now()).without("cut.version")
    context = {
        "project": project,
        "draft": present,
        "validation": validation,
        "notes": of_draft(project),
        "choices": offered,
        "chosen": request.POST.get("version", ""),
    }
    return dialogs.ask(request, "releases/cut.html", context, act)
