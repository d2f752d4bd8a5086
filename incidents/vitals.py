"""What the overview says of each live release: p95 and errors."""

from releases.lanes import Vital, vital_sources
from releases.models import Project

from .models import Slo

SHOWN = ("latency", "error_rate")


def vitals(projects: list[Project]) -> dict[int, list[Vital]]:
    """p95 and error rate of each project, by its id; breached when beyond the limit."""
    found: dict[int, list[Vital]] = {}
    slos = Slo.objects.filter(project__in=projects, key__in=SHOWN, read_at__isnull=False)
    for slo in slos.order_by("-key"):
        objective = slo.objective
        said = "unknown" if slo.value is None else objective.said(slo.value)
        state = "" if slo.is_met else "breached" if slo.value is not None else "stale"
        found.setdefault(slo.project_id, []).append(Vital(objective.short, said, state))
    return found


vital_sources.register("slo", vitals)
