"""Roles in one project."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from agentmesh_release.core.access import may, permitted
from agentmesh_release.core.context import Entry
from agentmesh_release.core.views import roles

from ..access import SEE_SETTINGS, SET_UP
from ..models.project import Project

TABS = (
    ("project-settings", "Connections", SEE_SETTINGS),
    ("project-gates", "Gates today", SEE_SETTINGS),
    ("project-roles", "Roles", roles.GIVE),
)


@require_http_methods(["GET", "POST"])
@permitted(roles.GIVE)
def project_roles(request: HttpRequest, slug: str) -> HttpResponse:
    """Who may do what in this project, beside what holds everywhere."""
    project = get_object_or_404(Project, slug=slug)
    context = {
        "project": project,
        "may_set_up": may(request.user, SET_UP, slug),
        "tabs": tabs(request, project, "project-roles"),
    }
    return roles.page(request, "releases/project_roles.html", slug, context)


def tabs(request: HttpRequest, project: Project, current: str) -> list[Entry]:
    """The pages about how a project is set up that this person may open."""
    return [
        Entry(reverse(name, args=[project.slug]), label, "", name == current)
        for name, label, permission in TABS
        if may(request.user, permission, project.slug)
    ]


project_roles.place = "projects"  # type: ignore[attr-defined]
