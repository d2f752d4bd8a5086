"""Incidents as what delivery metrics call failures: on the projects whose components they hurt."""

from collections.abc import Iterator
from datetime import datetime

from django.urls import reverse

from agentmesh_release.core.events import on
from agentmesh_release.core.models import Event
from releases.metrics import deliveries
from releases.metrics.failures import SUSPECT, Failure, sources
from releases.models import Project

from .models import Incident


def failures(project: Project, since: datetime) -> Iterator[Failure]:
    """The project's incidents that began since then, and those that lasted until then."""
    hurt = Incident.objects.filter(components__project=project)
    lasting = hurt.filter(resolved_at__gte=since) | hurt.filter(resolved_at=None)
    for incident in (hurt.filter(opened_at__gte=since) | lasting).distinct():
        url = reverse("incident", args=[incident.number])
        yield Failure(incident.name, url, incident.opened_at, incident.resolved_at)


@on("incident.changed")
def follow(event: Event) -> None:
    """What went live before and during the incident is judged anew."""
    incident = Incident.objects.filter(number=event.payload["number"]).first()
    if incident is None:
        return
    for project in Project.objects.filter(component__incidents=incident):
        deliveries.refresh(project, incident.opened_at - SUSPECT)


sources.register("incidents", failures)
