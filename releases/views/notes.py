"""The notes of a draft or of a release: reading both texts, and writing one."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import markdown, pages
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.middleware import note_refusal
from agentmesh_release.core.refusals import Refused

from ..drafting.differences import beside
from ..drafting.notes import LONGEST, Notes, guard_open, of_draft, of_release, restore, save
from ..models.project import Project
from .release import release_or_404


@require_http_methods(["GET", "POST"])
@permitted("notes.edit")
def draft_notes(request: HttpRequest, slug: str) -> HttpResponse:
    """Write the notes before the release is cut; they go into it then."""
    project = get_object_or_404(Project, slug=slug)
    return _edit(request, of_draft(project), reverse("draft", args=[slug]))


@require_http_methods(["GET", "POST"])
@permitted("notes.edit")
def release_notes(request: HttpRequest, slug: str, version: str) -> HttpResponse:
    """Write the notes of a release that is cut and not published yet."""
    found = release_or_404(slug, version)
    return _edit(request, of_release(found), reverse("release", args=[slug, version]))


def _edit(request: HttpRequest, notes: Notes, back: str) -> HttpResponse:
    if request.method != "POST" or "preview" in request.POST:
        return _page(request, notes, back, request.POST.get("text"), _closed(notes))
    try:
        messages.success(request, _act(request, notes))
    except Refused as refusal:
        note_refusal(request, refusal)
        present = of_release(notes.release) if notes.release else of_draft(notes.project)
        return _page(request, present, back, request.POST.get("text"), refusal)
    return redirect(back)


def _act(request: HttpRequest, notes: Notes) -> str:
    seen = request.POST.get("seen", "")
    if "restore" in request.POST:
        restore(notes, seen=seen, by=acting(request))
        return "The notes are the generated ones again."
    text = request.POST.get("text", "")
    save(notes, text, seen=seen, by=acting(request), now=timezone.now())
    return "The notes are saved. The generated ones stand beside them."


def _closed(notes: Notes) -> Refused | None:
    """Why nothing can be written here any more, if so."""
    try:
        if notes.release:
            guard_open(notes.release)
    except Refused as refusal:
        return refusal
    return None


def _page(
    request: HttpRequest, notes: Notes, back: str, typed: str | None, refusal: Refused | None
) -> HttpResponse:
    start = "" if notes.is_too_long and not notes.edited else notes.text
    text = start if typed is None else typed.replace("\r\n", "\n")
    is_conflict = refusal is not None and refusal.code == "changed_meanwhile"
    context: dict[str, Any] = {
        "notes": notes,
        "project": notes.project,
        "release": notes.release,
        "back": back,
        "text": text,
        "longest": LONGEST,
        "refusal": refusal,
        "is_closed": refusal is not None and refusal.code == "published",
        "preview": markdown.render(text[:LONGEST]) if "preview" in request.POST else "",
        "present": beside(notes.text, text) if is_conflict else None,
        "is_conflict": is_conflict,
        "since": beside(notes.edited.generated, notes.plain)
        if notes.edited and notes.is_outdated
        else None,
        "against": beside(notes.generated, text),
    }
    status = refusal.status if refusal and request.method == "POST" else 200
    return pages.render(request, "releases/notes.html", context, status=status)
