"""What other pages show of incidents and objectives."""

from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from agentmesh_release.core.charts import Chart, Mark, chart
from agentmesh_release.core.registries import Panel, panels_of
from releases.models import Activation, Promotion
from releases.overview.lanes import Lane

from .conditions import open_incidents
from .models import Slo, SloReading
from .objectives import NBSP

CHARTED = ("latency", "error_rate")
# A chart shows as much from before as it is watched, and no less than this.
LEAST_BEFORE = timedelta(minutes=2)
MOST_BARS = 3
LOW_BUDGET = 0.5


def incident_cell(request: HttpRequest, subject: Any) -> Panel:
    """The strip's cell on incidents."""
    return Panel("incidents/strip_incident.html", {"open": open_incidents()}, 10)


def budget_cell(request: HttpRequest, lanes: list[Lane]) -> Panel:
    """The strip's cell on the error budget: the least that any project has left."""
    least: dict[str, float] = {}
    for lane in lanes:
        left = [each.budget_left for each in lane.vitals if each.budget_left is not None]
        if left:
            least[lane.project.name] = max(0.0, min(1.0, *left))
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
    watched = timedelta(seconds=promotion.plan["watch_s"])
    starts, ends = live.since - max(watched, LEAST_BEFORE), live.since + watched
    readings: dict[Slo, list[SloReading]] = {}
    for reading in SloReading.objects.filter(
        slo__project=promotion.environment.project_id,
        slo__key__in=CHARTED,
        at__range=(starts, ends),
    ).select_related("slo"):
        readings.setdefault(reading.slo, []).append(reading)
    in_order = sorted(readings, key=lambda slo: CHARTED.index(slo.key))
    drawn = [_chart(slo, readings[slo], live, starts, ends) for slo in in_order]
    return Panel("incidents/charts.html", {"charts": drawn, "watched": watched}, 10)


def _chart(
    slo: Slo, readings: list[SloReading], live: Activation, start: datetime, ends: datetime
) -> Chart:
    objective = slo.objective
    scale, unit = (1000, "ms") if objective.is_time else (100, "%")
    is_met = slo.is_met if timezone.now() < ends else _was_met(slo, readings)
    points = [(reading.at, reading.value * scale) for reading in readings]
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
        state={True: "passed", False: "breached", None: "inconclusive"}[is_met],
        word={True: "Within its limit", False: "Over its limit", None: "Unknown"}[is_met],
        note=f"{said}limit {objective.said(slo.limit)}",
        places=0 if objective.is_time else 2,
    )


def _was_met(slo: Slo, readings: list[SloReading]) -> bool:
    """How it stood when the watch had ended."""
    return slo.objective.is_met(readings[-1].value, slo.limit)


panels_of("overview").register("incidents", incident_cell)
panels_of("overview").register("budget", budget_cell)
panels_of("promotion").register("charts", charts)
