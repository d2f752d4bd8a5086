"""How the default branch is guarded at GitHub, and what GitHub is told."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentmesh_release.core import dialogs, pages
from agentmesh_release.core.access import acting, may, one_of, permitted, who_may
from agentmesh_release.core.dialogs import reason_of

from .. import refreshing
from ..models.branch_protection import BranchProtection
from ..models.project import Project
from ..models.pull_feedback import PullFeedback
from ..pulls import protection, reporting, stored_protection
from ..pulls.names import context_of

REFUSALS_SHOWN = 5


@require_GET
@permitted("read")
def trunk(request: HttpRequest, slug: str) -> HttpResponse:
    """Branch protection and rulesets beside the policy, each gap with its mend."""
    project = get_object_or_404(Project.objects.select_related("protection"), slug=slug)
    row: BranchProtection | None = getattr(project, "protection", None)
    found = stored_protection.read(row) if row else None
    refused = PullFeedback.objects.held_up(project).select_related("pull_request")
    context = {
        "project": project,
        "row": row,
        "found": found,
        "compared": protection.compare(found, project.default_branch) if found else None,
        "context_name": context_of(project.slug, project.folder),
        "refused": list(refused[:REFUSALS_SHOWN]),
        "may_check": may(request.user, "trunk.check", slug),
        "may_report": may(request.user, "trunk.report", slug),
        "reporters": one_of(who_may("trunk.report", slug)),
    }
    return pages.render(request, "releases/trunk.html", context)


@require_POST
@permitted("trunk.check")
def check(request: HttpRequest, slug: str) -> HttpResponse:
    """Have protection, branch and pull requests read again."""
    project = get_object_or_404(Project, slug=slug)
    refreshing.everything(project)
    messages.success(request, "GitHub is asked again; the answers appear here within seconds.")
    return redirect("trunk", slug)


@require_http_methods(["GET", "POST"])
@permitted("trunk.report")
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """Have GitHub told how pull requests stand, or not any more."""
    project = get_object_or_404(Project, slug=slug)

    def act() -> str:
        wanted = request.POST.get("wanted") == "on"
        reporting.switch(
            project, wanted, by=acting(request), reason=reason_of(request), now=timezone.now()
        )
        return reverse("trunk", args=[slug])

    context = {
        "project": project,
        "context_name": context_of(project.slug, project.folder),
    }
    return dialogs.ask(request, "releases/trunk_report.html", context, act)
