"""What the overview says of each live release: p95 and errors."""

from releases.models import Project
from releases.overview.lanes import Vital, vital_sources

from .models import Slo

SHOWN = ("latency", "error_rate")


def vitals(projects: list[Project]) -> dict[int, list[Vital]]:
    """p95, error rate and the budget left of each project, by its id."""
    found: dict[int, list[Vital]] = {}
    slos = Slo.objects.filter(project__in=projects, read_at__isnull=False)
    for slo in slos.order_by("-key").only("project", "key", "limit", "value", "budget_left"):
        found.setdefault(slo.project_id, []).append(_vital(slo))
    return found


def _vital(slo: Slo) -> Vital:
    """What is not shown beside the release has no label; its budget counts all the same."""
    objective = slo.objective
    said = "unknown" if slo.value is None else objective.said(slo.value)
    state = "" if slo.is_met else "breached" if slo.value is not None else "stale"
    label = objective.short if slo.key in SHOWN else ""
    return Vital(label, said, state, slo.budget_left)


vital_sources.register("slo", vitals)
