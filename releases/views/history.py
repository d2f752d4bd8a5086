"""Release history: every release of every project, newest first."""

from collections.abc import Collection, Mapping
from datetime import timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import READ, permitted, scopes_of
from agentmesh_release.core.paging import page_of

from .. import known_issues
from ..models.activation import Activation
from ..models.approval import Approval
from ..models.environment import Environment
from ..models.project import Project
from ..models.promotion import Promotion
from ..models.release import Release, ReleaseQuerySet
from ..production.way_back import was_rolled_back
from ..readers.filters import TYPES, Filters
from ..readers.fitting import Told, told_of
from ..readers.reached import answer

PER_PAGE = 30


@require_GET
@permitted(READ)
def history(request: HttpRequest) -> HttpResponse:
    """All releases that the reader may see, or those of them that fit the filters in the address
    (see `filters.Filters`)."""
    among = scopes_of(request.user, READ)
    known = Project.objects.only("slug", "name")
    projects = list((known if among is None else known.filter(slug__in=among))[:200])
    filters = Filters.read(request.GET, projects)
    chosen = filters.chosen
    page = page_of(filters.of(_releases(among)), request, per_page=PER_PAGE)
    context = {
        "page": page,
        "rows": _with_production(page.rows, told_of(filters, page.rows)),
        "filters": filters,
        "chosen": chosen,
        "projects": projects,
        "project": next((each for each in projects if each.slug == chosen["project"]), None),
        "environments": Environment.Kind.choices,
        "types": TYPES,
        "answer": None if page.newest else answer(filters.text, chosen["project"], among),
    }
    return pages.render(request, "releases/history.html", context)


def _releases(among: Collection[str] | None) -> ReleaseQuerySet:
    releases: ReleaseQuerySet = Release.objects.among(among).annotate(
        was_rolled_back=was_rolled_back(), open_issues=known_issues.open_count()
    )
    return releases.select_related("project").defer("changelog")


def _with_production(releases: list[Release], told: Mapping[int, Told]) -> list[dict[str, object]]:
    """Each release with its last activation, its last promotion, and what fits in it."""
    ids = [release.pk for release in releases]
    activations = {
        each.release_id: each
        for each in Activation.objects.filter(release__in=ids).order_by("since")
    }
    approvals = Approval.objects.filter(promotion=OuterRef("pk"))
    promotions = {
        each.release_id: each
        for each in Promotion.objects.filter(release__in=ids)
        .annotate(approved_by=ArraySubquery(approvals.order_by("at").values("by")))
        .defer("decided", "plan", "checklist")
        .order_by("pk")
    }
    return [
        {
            "release": release,
            "activation": activations.get(release.pk),
            "promotion": promotions.get(release.pk),
            "lasted": _lasted(activations.get(release.pk)),
            "told": told.get(release.pk),
        }
        for release in releases
    ]


def _lasted(activation: Activation | None) -> timedelta | None:
    return (activation.until or timezone.now()) - activation.since if activation else None
