"""How a project makes versions and changelogs, and who starts a release."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from agentmesh_release.core import dialogs
from agentmesh_release.core.access import acting, permitted
from agentmesh_release.core.dialogs import reason_of

from ..conventional.policy import Bump
from ..drafting.policies import change, mark_of, present
from ..models.project import Project

BLANK_ROWS = 2
BUMPS = tuple(bump.name.lower() for bump in Bump)
_COLUMNS = ("name", "title", "bump", "shown")


@require_http_methods(["GET", "POST"])
@permitted("policy.change")
def policy(request: HttpRequest, slug: str) -> HttpResponse:
    """Types and their effect, 0.x, channels, and whether a merge cuts by itself."""
    project = get_object_or_404(Project, slug=slug)

    def act() -> str:
        change(
            project,
            _typed(request.POST),
            seen=request.POST.get("seen", ""),
            by=acting(request),
            reason=reason_of(request),
            now=timezone.now(),
        )
        messages.success(request, "The policy is saved, and the draft follows it.")
        return reverse("draft", args=[slug])

    wanted = _typed(request.POST) if request.method == "POST" else present(project)
    context = {
        "project": project,
        "wanted": wanted,
        "types": [*map(_row, wanted["types"]), *[{}] * BLANK_ROWS],
        "channels": ", ".join(wanted["channels"]),
        "seen": request.POST.get("seen") or mark_of(project),
        "bumps": BUMPS,
        "cuts": Project.Cuts.choices,
    }
    return dialogs.ask(request, "releases/policy.html", context, act)


def _row(each: dict[str, Any]) -> dict[str, Any]:
    return {**each, "shown": "" if each["folded"] else "yes"}


def _typed(post: QueryDict) -> dict[str, Any]:
    """What stands in the form, as `policies.present` has it; a row without a name is none."""
    rows = zip(*(post.getlist(f"type-{column}") for column in _COLUMNS), strict=False)
    return {
        "types": [
            {
                "name": name.strip(),
                "title": title.strip() or name.strip().capitalize(),
                "bump": bump or None,
                "folded": not shown,
            }
            for name, title, bump, shown in rows
            if name.strip()
        ],
        "breaking_in_zero": post.get("breaking_in_zero", ""),
        "first_version": post.get("first_version", "").strip(),
        "channels": post.get("channels", "").replace(",", " ").split(),
        "cuts": post.get("cuts", ""),
    }
