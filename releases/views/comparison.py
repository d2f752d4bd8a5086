"""Two releases of a project side by side: one changelog of all that lies between them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import permitted

from ..conventional.markdown import Links
from ..models.project import Project
from ..models.release import LONGEST_TAG, Release
from ..readers.comparison import compare
from .release import release_or_404


@require_GET
@permitted("read")
def comparison(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """`?with=` is the version or tag that it is compared with; by default the one that it follows.

    One that is not there is said beside the field, with status 404.
    """
    found = release_or_404(slug, version)
    wanted = request.GET.get("with", "").strip()[: LONGEST_TAG + 1]
    base = _named(found.project, wanted) if wanted else found.previous
    context: dict[str, Any] = {
        "release": found,
        "project": found.project,
        "wanted": wanted or (base.version if base else ""),
        "is_unknown": bool(wanted and base is None),
    }
    if base:
        links = Links(found.project.repository_url)
        context["comparison"] = compare(base, found)
        context["github_url"] = links.comparison(base.tag, found.tag)
    status = 404 if context["is_unknown"] else 200
    return pages.render(request, "releases/comparison.html", context, status=status)


def _named(project: Project, name: str) -> Release | None:
    """The release of that version or tag."""
    releases = Release.objects.filter(project=project).select_related("project").defer("changelog")
    by_version = releases.filter(version=name.removeprefix("v")).first()
    return by_version or releases.filter(tag=name).first()
