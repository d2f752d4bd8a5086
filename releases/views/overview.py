"""The overview: every project from trunk to production, and what waits for whom."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import may, permitted
from agentmesh_release.core.registries import show_panels

from ..access import SET_UP
from ..models.project import Project
from ..overview.lanes import lanes
from ..overview.waiting import waiting_for

# More projects than this start in the quiet form, one line each.
QUIET_ABOVE = 8
LIMIT = 200
PER_PAGE = {"lines": 40, "lanes": 16}


@require_GET
@permitted("read")
def overview(request: HttpRequest) -> HttpResponse:
    """`?q=` filters by name, `?form=lanes|lines` chooses the form, `?after=` a project's slug shows
    those behind it. The strip and what waits are of all of them, whichever are shown."""
    wanted = request.GET.get("q", "").strip()[:80]
    projects = Project.objects.active()
    if wanted:
        projects = projects.filter(Q(name__icontains=wanted) | Q(repository__icontains=wanted))
    found = lanes(projects[: LIMIT + 1], timezone.now())
    shown = [lane for lane in found[:LIMIT] if may(request.user, "read", lane.project.slug)]
    form = request.GET.get("form", "")
    if form not in PER_PAGE:
        form = "lines" if len(shown) > QUIET_ABOVE else "lanes"
    slugs = [lane.project.slug for lane in shown]
    after = request.GET.get("after", "")
    begin = slugs.index(after) + 1 if after in slugs else 0
    end = begin + PER_PAGE[form]
    context = {
        "lanes": shown[begin:end],
        "count": len(shown),
        "is_first": not begin,
        "next_after": slugs[end - 1] if end < len(shown) else "",
        "form": form,
        "wanted": wanted,
        "limit": LIMIT if len(found) > LIMIT else 0,
        "may_set_up": may(request.user, SET_UP),
        "waiting": waiting_for(request.user, shown),
        "panels": show_panels("overview", request, shown),
        "live_topics": "overview switches incidents",
    }
    return pages.render(request, "releases/overview.html", context)
