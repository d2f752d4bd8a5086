"""What other pages show of incidents and objectives."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agentmesh_release.core.charts import Chart, Mark, chart
from agentmesh_release.core.registries import Panel, panels_of
from releases.lanes import Lane
from releases.models import Activation, Promotion

from .models import Incident, Slo
from .objectives import NBSP

CHARTED = ("latency", "error_rate")
BEFORE = timedelta(minutes=5)
MOST_BARS = 3
LOW_BUDGET = 0.5


def incident_cell(request: HttpRequest, subject: Any) -> Panel:
    """The strip's cell on incidents."""
    return Panel("incidents/strip_incident.html", {"open": list(Incident.objects.open())}, 10)


def budget_cell(request: HttpRequest, lanes: list[Lane]) -> Panel:
    """The strip's cell on the error budget: the least that any project has left."""
    slos = Slo.objects.filter(
        project__in=[lane.project for lane in lanes], budget_left__isnull=False
    ).select_related("project")
    least: dict[str, float] = {}
    for slo in slos:
        left = max(0.0, min(1.0, slo.budget_left or 0.0))
        least[slo.project.name] = min(left, least.get(slo.project.name, 1.0))
    worst = sorted(least.items(), key=lambda pair: pair[1])[:MOST_BARS]
    bars = [
        {"name": name, "percent": round(left * 100), "is_low": left < LOW_BUDGET}
        for name, left in sorted(worst)
    ]
    return Panel("incidents/strip_budget.html", {"bars": bars, "more": len(least) - len(bars)}, 40)


def charts(request: HttpRequest, promotion: Promotion) -> Panel | None:
    """p95 and error rate before and after a promotion went live."""
    live = (
        Activation.objects.filter(
            environment=promotion.environment,
            release=promotion.release,
            since__gte=promotion.executed_at or timezone.now(),
        )
        .order_by("since")
        .first()
    )
    if live is None:
        return None
    ends = live.since + timedelta(seconds=promotion.plan["watch_s"])
    slos = {
        slo.key: slo
        for slo in Slo.objects.filter(
            project=promotion.environment.project_id, key__in=CHARTED
        ).prefetch_related("readings")
    }
    drawn = [_chart(slos[key], live, ends) for key in CHARTED if key in slos]
    return Panel("incidents/charts.html", {"charts": drawn, "live": live}, 10)


def _chart(slo: Slo, live: Activation, ends: Any) -> Chart:
    objective = slo.objective
    scale, unit = (1000, "ms") if objective.is_time else (100, "%")
    start = live.since - BEFORE
    points = [
        (reading.at, reading.value * scale)
        for reading in slo.readings.all()
        if start <= reading.at <= ends
    ]
    before = [value for at, value in points if at < live.since]
    said = (
        f"{sum(before) / len(before):.{0 if objective.is_time else 2}f}{NBSP}{unit} before, "
        if before
        else ""
    )
    return chart(
        f"slo-{slo.key}",
        objective.label,
        points,
        unit=unit,
        start=start,
        end=ends,
        limit=slo.limit * scale,
        marks=[Mark(live.since, f"{live.name} live", is_main=True)],
        state={True: "passed", False: "breached", None: "inconclusive"}[slo.is_met],
        word={True: "Within its limit", False: "Over its limit", None: "Unknown"}[slo.is_met],
        note=f"{said}limit {objective.said(slo.limit)}",
        places=0 if objective.is_time else 2,
    )


panels_of("overview").register("incidents", incident_cell)
panels_of("overview").register("budget", budget_cell)
panels_of("promotion").register("charts", charts)
