"""Delivery metrics, of all projects and of one."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.http import require_GET

from agentmesh_release.core import pages
from agentmesh_release.core.access import may, permitted
from agentmesh_release.core.paging import page_of

from ..metrics import report
from ..metrics.figures import NOW, Told, figures_of
from ..metrics.measures import MEASURES
from ..metrics.periods import CHOICES, Period, period_of
from ..models.delivery import Delivery
from ..models.project import Project

PER_PAGE = 30


@require_GET
@permitted("read")
def metrics(request: HttpRequest) -> HttpResponse:
    """All projects together and side by side. `?period=28d|90d|1y`, `?sort=` the key of a measure
    or `name`, with `-` before it from the highest down."""
    sort = request.GET.get("sort", "name")
    projects = [
        each
        for each in Project.objects.only("slug", "name")
        if may(request.user, "read", each.slug)
    ]
    ids = [each.pk for each in projects]
    since = report.known_since(ids)
    period = period_of(request.GET.get("period", ""), timezone.now())
    told = figures_of(period, ids)
    first = min(since.values(), default=None)
    context = {
        **_common(told, first),
        "lines": report.lines(
            told, projects, since, sort.removeprefix("-"), falling=sort.startswith("-")
        ),
        "sort": sort,
        "sorts": _sorts(period, sort),
        "unknown": len(ids) - len(since),
        "late": sum(1 for at in since.values() if at > period.start),
    }
    return pages.render(request, "releases/metrics.html", context)


@require_GET
@permitted("read")
def project_metrics(request: HttpRequest, slug: str) -> HttpResponse:
    """One project, with what failed or was rework, newest first."""
    project = get_object_or_404(Project, slug=slug)
    since = report.known_since([project.pk]).get(project.pk)
    period = period_of(request.GET.get("period", ""), timezone.now())
    told = figures_of(period, [project.pk])
    context = {
        **_common(told, since),
        "project": project,
        "tagged": project.releases.filter(activations=None).count(),
        "page": page_of(_unusual(project, period), request, key="activation_id", per_page=PER_PAGE),
    }
    return pages.render(request, "releases/project_metrics.html", context)


project_metrics.place = "metrics"  # type: ignore[attr-defined]


def _unusual(project: Project, period: Period) -> QuerySet[Delivery]:
    """What failed, and what was not planned."""
    found = Delivery.objects.filter(project=project, at__gt=period.start, at__lte=period.end)
    return (
        found.exclude(failed_by="", rework="")
        .select_related("activation__release")
        .defer("activation__release__changelog")
    )


def _common(told: Told, since: datetime | None) -> dict[str, Any]:
    by_week = report.weeks(told, since)
    return {
        "period": told.period,
        "periods": [(key, label) for key, (_, label) in CHOICES.items()],
        "measures": MEASURES,
        "figures": told.of(NOW, since),
        "headlines": report.headlines(told, since),
        "charts": report.charts(by_week),
        "weeks": [(at, report.cells(figures)) for at, figures in reversed(by_week)],
        "has_unknown": any(figures is None for _, figures in by_week),
        "known_since": since,
    }


def _sorts(period: Period, present: str) -> list[dict[str, str]]:
    """The columns of the table: what each is sorted by next, and how it is now."""
    columns = [("name", "Project"), *((each.key, each.name) for each in MEASURES)]
    return [
        {
            "label": label,
            "url": f"?period={period.key}&sort={'-' if key == present else ''}{key}",
            "now": {key: "ascending", f"-{key}": "descending"}.get(present, ""),
        }
        for key, label in columns
    ]
