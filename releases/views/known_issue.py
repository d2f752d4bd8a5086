"""Known issues: noted on a release's page, closed on that of the release that mends them."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import dialogs
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.refusals import Refused

from ..known_issues import KnownIssueForm
from ..models.known_issue import KnownIssue
from ..models.release import Release


def _release_or_404(slug: str, version: str) -> Release:
    releases = Release.objects.select_related("project").defer("changelog")
    return get_object_or_404(releases, project__slug=slug, version=version)


def _back(release: Release) -> str:
    return reverse("release", args=[release.project.slug, release.version]) + "#known-issues"


@require_http_methods(["GET", "POST"])
@permitted("known_issue.add")
def new(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Note what is wrong with it."""
    release = _release_or_404(slug, version)
    form = KnownIssueForm(request.POST or None)

    def act() -> str:
        if not form.is_valid():
            raise Refused("not_valid", form.refusals, status=422)
        KnownIssue.add(release, **form.cleaned_data, by=acting(request), now=timezone.now())
        messages.success(request, f"Noted. It is shown from {release.tag} on, until it is closed.")
        return _back(release)

    context = {"release": release, "project": release.project, "form": form}
    return dialogs.ask(request, "releases/known_issue.html", context, act)


@require_http_methods(["GET", "POST"])
@permitted("known_issue.close")
def close(request: HttpRequest, slug: str, version: str, pk: int) -> HttpResponse:
    """Say that this release, and so every later one, no longer has it."""
    release = _release_or_404(slug, version)
    issue = get_object_or_404(
        KnownIssue.objects.select_related("release__project", "project"),
        pk=pk,
        project=release.project,
    )

    def act() -> str:
        issue.close(release, by=acting(request), reason=reason_of(request), now=timezone.now())
        messages.success(request, f"Closed: releases from {release.tag} on do not have it.")
        return _back(release)

    context = {"release": release, "project": release.project, "issue": issue}
    return dialogs.ask(request, "releases/known_issue_closing.html", context, act)
