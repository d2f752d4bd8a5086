"""The public changelog of a project: for everybody, without sign-in or cookies.

A project that does not show it and one that there is not are answered alike.
"""

from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from agentmesh_release.core import conditional, dialogs
from agentmesh_release.core.access import acting, permitted, public
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.paging import Page

from ..access import SET_UP
from ..models.project import Project
from ..models.public_changelog import PublicChangelog
from ..models.release import LONGEST_TAG, Release
from ..readers.feeds import Entry, Feed, as_atom, plain
from ..readers.public_changelogs import PER_PAGE, Told, choose, published, told_of

_FED = 10


@public
@require_safe
def changelog(request: HttpRequest, slug: str) -> HttpResponse:
    """The published releases, the highest version first; `?before=` a version for older ones."""
    opened = _opened(slug)
    page = _page(request, opened)
    return _page_of(request, opened, told_of(opened, page.rows), {"page": page})


@public
@require_safe
def release(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """One release, at an address that stays."""
    opened = _opened(slug)
    found = published(opened).filter(version=version)[:1]
    told = told_of(opened, list(found))
    if not told:
        raise Http404
    return _page_of(request, opened, told, {"release": told[0].release})


@public
@require_safe
def feed(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest releases as Atom."""
    opened = _opened(slug)
    told = told_of(opened, list(published(opened).order_by("-released_at", "-pk")[:_FED]))
    entries = tuple(_entry(request, opened, each) for each in told)
    written = as_atom(
        Feed(
            title=plain(f"Changelog of {opened.project.name}"),
            url=request.build_absolute_uri(request.path),
            page_url=_address(request, opened),
            entries=entries,
        )
    )
    kind = "application/atom+xml; charset=utf-8"
    return conditional.answer(request, written, kind, _changed_at(opened, told), is_public=True)


@public
@require_safe
def as_markdown(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest releases as Markdown."""
    opened = _opened(slug)
    told = told_of(opened, list(published(opened)[:_FED]))
    context = {"project": opened.project, "told": told}
    text = render_to_string("releases/public_changelog.md", context)
    kind = "text/markdown; charset=utf-8"
    return conditional.answer(
        request, text.encode(), kind, _changed_at(opened, told), is_public=True
    )


@require_http_methods(["GET", "POST"])
@permitted(SET_UP)
def setting(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the changelog to everybody, or to nobody outside any more."""
    project = get_object_or_404(Project.objects.select_related("public_changelog"), slug=slug)

    def act() -> str:
        is_public = request.POST.get("shown") == "everybody"
        choose(
            project,
            is_public=is_public,
            has_links=bool(request.POST.get("links")),
            has_prereleases=bool(request.POST.get("prereleases")),
            by=acting(request),
            reason=reason_of(request),
            now=timezone.now(),
        )
        word = "is public now" if is_public else "is not public any more"
        messages.success(request, f"The changelog of {project} {word}.")
        return reverse("project-settings", args=[slug])

    context = {"project": project, "opened": getattr(project, "public_changelog", None)}
    return dialogs.ask(request, "releases/public_changelog_setting.html", context, act)


def _opened(slug: str) -> PublicChangelog:
    """Raises Http404, whether there is no such project or it keeps its changelog to itself."""
    found = PublicChangelog.objects.select_related("project").filter(project__slug=slug).first()
    if found is None:
        raise Http404
    return found


def _page(request: HttpRequest, opened: PublicChangelog) -> Page[Release]:
    releases = published(opened)
    before = request.GET.get("before", "")[:LONGEST_TAG]
    if before:
        last = get_object_or_404(releases, version=before)
        releases = releases.filter(precedence__lt=last.precedence)
    found = list(releases[: PER_PAGE + 1])
    shown = found[:PER_PAGE]
    older = urlencode({"before": shown[-1].version}) if len(found) > PER_PAGE else ""
    return Page(shown, older=older and f"?{older}", newest=request.path if before else "")


def _page_of(
    request: HttpRequest, opened: PublicChangelog, told: list[Told], more: dict[str, Any]
) -> HttpResponse:
    """The page, the same for everybody."""
    context = {
        "project": opened.project,
        "opened": opened,
        "told": told,
        "canonical": request.build_absolute_uri(request.path),
        **more,
    }
    text = render_to_string("releases/public_changelog.html", context, request)
    kind = "text/html; charset=utf-8"
    changed_at = _changed_at(opened, told)
    return conditional.answer(request, text.encode(), kind, changed_at, is_public=True)


def _changed_at(opened: PublicChangelog, told: list[Told]) -> datetime:
    return max([opened.changed_at, *(each.changed_at for each in told)])


def _address(request: HttpRequest, opened: PublicChangelog, version: str = "") -> str:
    slug = opened.project.slug
    path = (
        reverse("public-release", args=[slug, version])
        if version
        else reverse("public-changelog", args=[slug])
    )
    return request.build_absolute_uri(path)


def _entry(request: HttpRequest, opened: PublicChangelog, told: Told) -> Entry:
    release = told.release
    html = "<p>Withdrawn: do not use it.</p>" if release.is_withdrawn else str(told.html)
    return Entry(
        url=_address(request, opened, release.version),
        title=plain(str(release)),
        published_at=release.released_at,
        updated_at=told.changed_at,
        author="",
        html=plain(html).strip(),
    )
