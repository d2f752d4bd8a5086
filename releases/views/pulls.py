"""Pull requests and how they stand to the trunk rules."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import permitted
from agentmesh_release.core.paging import page_of

from ..models.project import Project
from ..models.pull_request import PullRequest, PullRequestQuerySet
from ..pulls.names import RULES
from ..pulls.shown import detail, rows_of

PER_PAGE = 50
STATES = {
    "failed": "Failed",
    "pending": "Pending",
    "inconclusive": "Inconclusive",
    "passed": "Passed",
}
_LONGEST = 200


@require_GET
@permitted("read")
def pulls(request: HttpRequest, slug: str) -> HttpResponse:
    """Open ones, or with `?show=merged` those that landed; `?rule=` and `?state=` filter by
    verdict, `?q=` by title, author or number."""
    project = get_object_or_404(Project, slug=slug)
    chosen = _chosen(request)
    found = _filtered(PullRequest.objects.filter(project=project), chosen)
    page = page_of(found, request, key="number", per_page=PER_PAGE)
    context = {
        "project": project,
        "chosen": chosen,
        "is_filtered": any(chosen[name] for name in ("q", "rule", "state")),
        "rules": RULES,
        "states": STATES,
        "page": page,
        "rows": rows_of(project, page.rows, timezone.now()),
        "protection": getattr(project, "protection", None),
    }
    return pages.render(request, "releases/pulls.html", context)


def _chosen(request: HttpRequest) -> dict[str, str]:
    """What of the address says something."""
    asked = {name: request.GET.get(name, "").strip() for name in ("q", "rule", "state", "show")}
    return {
        "q": asked["q"][:_LONGEST],
        "rule": asked["rule"] if asked["rule"] in RULES else "",
        "state": asked["state"] if asked["state"] in STATES else "",
        "show": "merged" if asked["show"] == "merged" else "open",
    }


def _filtered(found: PullRequestQuerySet, chosen: dict[str, str]) -> PullRequestQuerySet:
    found = found.filter(state=chosen["show"])
    if chosen["show"] == "open":
        found = found.judged(chosen["rule"], chosen["state"])
    text = chosen["q"].removeprefix("#")
    if text:
        fits = Q(title__icontains=text) | Q(author__icontains=text)
        is_number = text.isascii() and text.isdecimal() and len(text) < 10
        found = found.filter(fits | Q(number=int(text)) if is_number else fits)
    return found


@require_GET
@permitted("read")
def pull(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Its rules with their evidence, commits, preview, and which release carries it."""
    found: PullRequest = get_object_or_404(
        PullRequest.objects.select_related("project", "reading"),
        project__slug=slug,
        number=number,
    )
    return pages.render(
        request, "releases/pull.html", {"project": found.project, **detail(found, timezone.now())}
    )
