"""What programs of readers fetch: feeds of releases, and a changelog as Markdown."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from agentmesh_release.core import conditional
from agentmesh_release.core.access import READ, permitted, scopes_of

from .. import known_issues
from ..models.project import Project
from ..models.release import Release
from ..readers.feeds import Feed, as_atom, as_json, entry_of, newest, plain
from .release import release_or_404

FORMS: dict[str, tuple[str, Callable[[Feed], bytes]]] = {
    "atom": ("application/atom+xml; charset=utf-8", as_atom),
    "json": ("application/feed+json; charset=utf-8", as_json),
}


@require_safe
@permitted(READ)
def feed(request: HttpRequest, form: str, slug: str = "") -> HttpResponse:
    """The newest releases of a project, or of all that the reader may see; `form` is a key of
    `FORMS`."""
    project = get_object_or_404(Project, slug=slug) if slug else None
    page = reverse("history") + (f"?project={slug}" if slug else "")
    told_of = {slug} if slug else scopes_of(request.user, READ)
    told = Feed(
        title=plain(f"Releases of {project.name}") if project else "Releases",
        url=request.build_absolute_uri(request.path),
        page_url=request.build_absolute_uri(page),
        entries=tuple(entry_of(each, _url(request, each)) for each in newest(told_of)),
    )
    content_type, written = FORMS[form]
    return conditional.answer(request, written(told), content_type, told.updated_at)


@require_safe
@permitted(READ)
def changelog_markdown(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """The changelog of a release as Markdown, with what is known to be wrong with it."""
    found = release_or_404(slug, version)
    text = found.notes_markdown() or "It has no changelog.\n"
    text += known_issues.as_markdown(found)
    edited = getattr(found, "edited_notes", None)
    changes = (known_issues.changed_at(found), edited.at if edited else None, found.released_at)
    changed_at = max(filter(None, changes))
    response = conditional.answer(
        request, text.encode(), "text/markdown; charset=utf-8", changed_at
    )
    name = content_disposition_header(False, f"{slug}-{found.version}.md")
    response["Content-Disposition"] = name or "inline"
    return response


def _url(request: HttpRequest, release: Release) -> str:
    return request.build_absolute_uri(
        reverse("release", args=[release.project.slug, release.version])
    )
