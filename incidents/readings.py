"""Reading the objectives from Prometheus."""

from datetime import datetime, timedelta

from django.utils import timezone

from agentmesh_release.core import live
from agentmesh_release.core.models import Operation
from agentmesh_release.core.polls import poll
from agentmesh_release.providers.prometheus import NoData, Prometheus
from releases.models import Project

from .models import Slo, SloReading
from .objectives import OBJECTIVES

WINDOW = "1m"
BUDGET_WINDOW = "30d"
QUICK_S = 5.0
SLOW_S = 15.0
KEEP = timedelta(days=2)


def ensure(project: Project) -> None:
    """Give the project the seed's objectives, if it has none of that kind yet."""
    for objective in OBJECTIVES:
        Slo.objects.get_or_create(
            project=project, key=objective.key, defaults={"limit": objective.limit}
        )


@poll("prometheus", "Prometheus", every_s=SLOW_S)
def read_prometheus(scope: str) -> float:
    """Read all objectives of one project."""
    project = Project.objects.get(slug=scope)
    ensure(project)
    before = {slo.key: slo.is_met for slo in project.slos.all()}
    read(project, timezone.now())
    if before != {slo.key: slo.is_met for slo in project.slos.all()}:
        live.stale(f"project:{scope}", "overview")
    moving = Operation.objects.filter(scope=scope, state__in=Operation.ACTIVE).exists()
    return QUICK_S if moving else SLOW_S


def read(project: Project, now: datetime) -> None:
    """Store a reading of each objective. Raises ProviderError when Prometheus does not answer."""
    client = project.prometheus()
    for slo in project.slos.all():
        _read_one(client, project.prometheus_job, slo, now)
    SloReading.objects.filter(slo__project=project, at__lt=now - KEEP).delete()


def _read_one(client: Prometheus, job: str, slo: Slo, now: datetime) -> None:
    objective = slo.objective
    answer = client.value(objective.promql(job, WINDOW))
    if isinstance(answer, NoData):
        Slo.objects.filter(pk=slo.pk).update(value=None, trouble=answer.sentence, read_at=now)
        return
    if answer.partial:
        trouble = "Prometheus warns that its answer is incomplete."
        Slo.objects.filter(pk=slo.pk).update(value=None, trouble=trouble, read_at=now)
        return
    Slo.objects.filter(pk=slo.pk).update(
        value=answer.value, trouble="", read_at=now, budget_left=_budget_left(client, job, slo)
    )
    SloReading.objects.create(slo=slo, at=now, value=answer.value)


def _budget_left(client: Prometheus, job: str, slo: Slo) -> float | None:
    if not slo.objective.has_budget:
        return None
    answer = client.value(slo.objective.promql(job, BUDGET_WINDOW))
    if isinstance(answer, NoData) or answer.partial:
        return None
    return slo.objective.budget_left(answer.value, slo.limit)
