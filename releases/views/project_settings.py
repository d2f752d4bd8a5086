"""How a project is set up: reading it, changing it, and what the gates say of it."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import dialogs, pages
from agentmesh_release.core.access import acting, may, one_of, permitted, require, who_may
from agentmesh_release.core.dialogs import reason_of
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.middleware import note_refusal
from agentmesh_release.core.models import AuditEvent, Poll
from agentmesh_release.core.polls import label
from agentmesh_release.core.refusals import Refused
from agentmesh_release.providers.errors import ProviderError

from ..access import SEE_SETTINGS, SET_UP
from ..models.environment import Environment
from ..models.project import Project
from ..production import checklists
from ..projects import archiving, bypass
from ..projects.editing import ChangedMeanwhile, edit
from ..projects.form import ProjectForm
from ..projects.rehearsal import keep, release_of
from .projects import sections, status_of
from .roles import tabs

TEMPLATE = "releases/project_settings.html"
NEWEST = 5


@require_http_methods(["GET", "POST"])
@permitted(SEE_SETTINGS)
def project_settings(request: HttpRequest, slug: str) -> HttpResponse:
    """The form with what is stored; posting saves it, or with `test` asks a provider only."""
    project = get_object_or_404(Project.objects.select_related("public_changelog"), slug=slug)
    form = ProjectForm(request.POST or None, project=project)
    tested = request.POST.get("test", "")
    if request.method == "POST" and not may(request.user, SET_UP, slug):
        if not tested:
            require(request.user, SET_UP, slug)
        form = ProjectForm(project=project)
    if request.method == "POST" and not tested:
        return _save(request, project, form)
    context = {**_context(request, project, form), "sections": sections(form, tested)}
    return pages.render(request, TEMPLATE, context)


def _save(request: HttpRequest, project: Project, form: ProjectForm) -> HttpResponse:
    refusal = None
    if form.is_valid():
        try:
            changed = edit(project, form.changes(), by=acting(request))
        except Refused as error:
            note_refusal(request, error)
            refusal = error
            if isinstance(error, ChangedMeanwhile):
                form.see(error.present)
        else:
            said = f"Saved: {', '.join(changed)}." if changed else "Nothing was changed."
            messages.success(request, said)
            return redirect("project-settings", slug=project.slug)
    context = {
        **_context(request, project, form),
        "sections": sections(form),
        "refusal": refusal,
    }
    return pages.render(request, TEMPLATE, context, status_of(request, "", refusal))


def _context(request: HttpRequest, project: Project, form: ProjectForm) -> dict[str, Any]:
    may_set_up = may(request.user, SET_UP, project.slug)
    polls = list(Poll.objects.filter(scope=project.slug))
    return {
        "project": project,
        "tabs": tabs(request, project, "project-settings"),
        "form": form,
        "may_set_up": may_set_up,
        "who_may": one_of(who_may(SET_UP, project.slug)) if not may_set_up else "",
        "polls": [(label(poll.kind), poll) for poll in polls],
        "edits": AuditEvent.objects.filter(subject=f"project:{project.pk}")[:NEWEST],
    }


@require_http_methods(["GET", "POST"])
@permitted(SEE_SETTINGS)
def gates(request: HttpRequest, slug: str) -> HttpResponse:
    """What the gates would say today; posting reads all that they need just now."""
    project = get_object_or_404(Project, slug=slug)
    if request.method == "POST":
        project.refuse_archived()
        try:
            checklists.gather(release_of(project))
        except ProviderError as error:
            messages.warning(request, f"Not everything could be read: {error}")
        keep(project, timezone.now())
        return redirect("project-gates", slug=slug)
    context = {
        "project": project,
        "tabs": tabs(request, project, "project-gates"),
        "production": Environment.objects.get(project=project, kind=Environment.Kind.PRODUCTION),
        "checklist": Checklist.from_json(project.rehearsed),
        "may_set_up": may(request.user, SET_UP, slug),
    }
    return pages.render(request, "releases/project_gates.html", context)


@require_http_methods(["GET", "POST"])
@permitted(SET_UP)
def close_bypass(request: HttpRequest, slug: str) -> HttpResponse:
    """Switch off Vercel's automatic assignment of production domains."""
    project = get_object_or_404(Project, slug=slug)

    def act() -> str:
        was_open = bypass.close(
            project, by=acting(request), reason=reason_of(request), now=timezone.now()
        )
        said = "Vercel has taken it, read back just now." if was_open else "It was closed already."
        messages.success(request, f"The bypass is closed. {said}")
        return reverse("project-gates", args=[slug])

    return dialogs.ask(request, "releases/bypass.html", {"project": project}, act)


@require_http_methods(["GET", "POST"])
@permitted(SET_UP)
def archive(request: HttpRequest, slug: str) -> HttpResponse:
    """Put the project away, or take it up again."""
    project = get_object_or_404(Project, slug=slug)

    def act() -> str:
        by, reason = acting(request), reason_of(request)
        if request.POST.get("to") == "active":
            archiving.restore(project, by=by, reason=reason)
        else:
            archiving.archive(project, by=by, reason=reason, now=timezone.now())
        return reverse("project-settings", args=[slug])

    return dialogs.ask(request, "releases/archive.html", {"project": project}, act)


for _view in (project_settings, gates, close_bypass, archive):
    _view.place = "projects"  # type: ignore[attr-defined]
