"""The projects, and setting up a new one."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Prefetch, Q
from django.forms import BoundField
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods

from agentmesh_release.core import pages
from agentmesh_release.core.access import acting, may, permitted, require
from agentmesh_release.core.middleware import note_refusal
from agentmesh_release.core.paging import page_of
from agentmesh_release.core.refusals import Refused

from ..access import SEE_SETTINGS, SET_UP
from ..models.environment import Environment
from ..models.project import Project
from ..probes import PROBES, Finding, Subject, examine
from ..projects.creating import create
from ..projects.form import ProjectForm
from ..projects.sections import Section

SHOWN = ("active", "archived", "all")


@require_GET
@permitted("read")
def projects(request: HttpRequest) -> HttpResponse:
    """`?q=` looks in names and repositories, `?shown=active|archived|all` (active)."""
    wanted = request.GET.get("q", "").strip()[:80]
    shown = request.GET.get("shown", "")
    shown = shown if shown in SHOWN else "active"
    found = Project.objects.prefetch_related(
        Prefetch("environments", Environment.objects.filter(kind=Environment.Kind.PRODUCTION))
    )
    if shown != "all":
        found = found.filter(archived_at__isnull=shown == "active")
    if wanted:
        found = found.filter(Q(name__icontains=wanted) | Q(repository__icontains=wanted))
    page = page_of(found, request)
    context = {
        "page": page,
        "rows": [
            (project, may(request.user, SEE_SETTINGS, project.slug))
            for project in page.rows
            if may(request.user, "read", project.slug)
        ],
        "wanted": wanted,
        "shown": shown,
        "may_set_up": may(request.user, SET_UP),
    }
    return pages.render(request, "releases/projects.html", context)


@require_http_methods(["GET", "POST"])
@permitted(SET_UP)
def new(request: HttpRequest) -> HttpResponse:
    """Say where everything is; `test` names the provider to be asked without saving anything."""
    require(request.user, SET_UP)
    form = ProjectForm(request.POST or None)
    tested = request.POST.get("test", "")
    refusal = None
    if request.method == "POST" and not tested and form.is_valid():
        try:
            made = create(form.cleaned_data, by=acting(request), now=timezone.now())
        except Refused as error:
            note_refusal(request, error)
            refusal = error
        else:
            messages.success(request, f"{made} is set up. Its history is being read.")
            return redirect("project-gates", slug=made.slug)
    context = {"form": form, "sections": sections(form, tested), "refusal": refusal}
    return pages.render(
        request, "releases/project_new.html", context, status_of(request, tested, refusal)
    )


def status_of(request: HttpRequest, tested: str, refusal: Refused | None) -> int:
    """Of a page that shows a form: 200 where nothing was to be saved."""
    if refusal:
        return refusal.status
    return 200 if tested or request.method != "POST" else 422


@dataclass(frozen=True)
class Shown:
    """A section of the form with its fields, and what its connection test found, if it ran."""

    section: Section
    fields: list[BoundField]
    findings: list[Finding]


def sections(form: ProjectForm, tested: str = "") -> list[Shown]:
    """The form as the page shows it; the provider `tested` is asked about what is typed, saved or
    not, unless something of that is wrong: what else would be asked about nobody typed."""
    shown = list(form.sections)
    findings: list[Finding] = []
    if tested in PROBES:
        form.is_valid()
        findings = _wrong(form, tested) or examine(PROBES[tested], Subject(*form.unsaved()))
    return [
        Shown(section, fields, findings if section.probe == tested else [])
        for section, fields in shown
    ]


def _wrong(form: ProjectForm, tested: str) -> list[Finding]:
    """What is wrong with the fields of that section. HTMX puts nothing but findings into the page,
    so what is said beside the fields would not be seen."""
    return [
        Finding("failed", str(field.label), str(error))
        for section, fields in form.sections
        if section.probe == tested
        for field in fields
        for error in field.errors
    ]
