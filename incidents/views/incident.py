"""Incidents: the list, declaring one, its page, its updates and notes."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from agentmesh_release.core import dialogs, pages
from agentmesh_release.core.access import acting, may, one_of, permitted, who_may
from agentmesh_release.core.paging import page_of
from flags.permissions import OFF

from ..mitigation import switches_at_hand, way_back
from ..models import Component, Entry, Incident
from ..status import WORDS

SEVERITIES = {
    "sev1": "The product does not work for most, or data is in danger.",
    "sev2": "An important part fails or is very slow for many.",
    "sev3": "Something small is wrong, or few notice it.",
}


@require_GET
@permitted("read")
def incidents(request: HttpRequest) -> HttpResponse:
    """Open ones first, then the past ones."""
    context = {
        "open": list(Incident.objects.open()),
        "page": page_of(
            Incident.objects.filter(state=Incident.State.RESOLVED), request, key="number"
        ),
        "may_declare": may(request.user, "incident.declare"),
        "declarers": one_of(who_may("incident.declare")),
    }
    return pages.render(request, "incidents/incidents.html", context)


@require_http_methods(["GET", "POST"])
@permitted("incident.declare")
def declare(request: HttpRequest) -> HttpResponse:
    """Severity, what is hurt, and the first public update."""
    chosen = [int(pk) for pk in request.POST.getlist("components") if pk.isdecimal()]

    def act() -> str:
        declared = Incident.declare(
            title=request.POST.get("title", "").strip()[:200],
            severity=request.POST.get("severity", ""),
            components=list(Component.objects.filter(pk__in=chosen)),
            text=_text(request),
            by=acting(request),
        )
        return reverse("incident", args=[declared.number])

    context = {
        "severities": [(key, key.upper(), said) for key, said in SEVERITIES.items()],
        "components": Component.objects.all(),
        "chosen": chosen,
        "title": request.POST.get("title", ""),
        "severity": request.POST.get("severity", "sev2"),
        "text": request.POST.get("text", ""),
    }
    return dialogs.ask(request, "incidents/declare.html", context, act)


@require_GET
@permitted("read")
def incident(request: HttpRequest, number: int) -> HttpResponse:
    """The timeline, and what the public is told."""
    found = get_object_or_404(Incident.objects.prefetch_related("components"), number=number)
    entries = list(found.entries.all()[:200])
    back = way_back(found) if found.is_open else None
    context = {
        "incident": found,
        "entries": entries,
        "latest": next((entry for entry in entries if entry.kind == "update"), None),
        "stages": _stages(found, entries),
        "back": back,
        "may_roll_back": bool(back and may(request.user, "rollback.start", back.project.slug)),
        "switches": switches_at_hand() if may(request.user, OFF) else [],
        "impact_word": WORDS[found.impact],
        "may_update": may(request.user, "incident.update"),
        "updaters": one_of(who_may("incident.update")),
    }
    return pages.render(request, "incidents/incident.html", context)


def _stages(incident: Incident, entries: list[Entry]) -> list[dict[str, Any]]:
    """Where it stands, from investigating to resolved; each stage with when it was reached."""
    reached = {entry.state: entry for entry in entries if entry.kind == "update"}
    present = Incident.State.values.index(incident.state)
    shown = {True: "done", False: "next"}
    return [
        {
            "label": label,
            "entry": reached.get(state),
            "state": "running"
            if incident.is_open and at == present
            else shown[at < present or not incident.is_open],
        }
        for at, (state, label) in enumerate(Incident.State.choices)
    ]


@require_http_methods(["GET", "POST"])
@permitted("incident.update")
def update(request: HttpRequest, number: int) -> HttpResponse:
    """Publish an update, which may resolve it."""
    found = get_object_or_404(Incident, number=number)

    def act() -> str:
        found.update(
            state=request.POST.get("state", ""),
            text=_text(request),
            by=acting(request),
            now=timezone.now(),
        )
        return reverse("incident", args=[number])

    context = {
        "incident": found,
        "states": Incident.State.choices,
        "state": request.POST.get("state", found.state),
        "text": request.POST.get("text", ""),
    }
    return dialogs.ask(request, "incidents/update.html", context, act)


@require_POST
@permitted("incident.update")
def note(request: HttpRequest, number: int) -> HttpResponse:
    """Add to the timeline what the public does not see."""
    found = get_object_or_404(Incident, number=number)
    found.note(text=_text(request), by=acting(request))
    return redirect("incident", number=number)


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "").strip()[: dialogs.REASON_LIMIT]
