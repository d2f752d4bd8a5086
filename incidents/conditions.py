"""Open incidents, in the top line of every page."""

from django.urls import reverse

from agentmesh_release.core.memo import once_per_request
from agentmesh_release.core.registries import Condition, conditions

from .models import Incident


@once_per_request
def open_incidents() -> list[Incident]:
    """Newest first; the top line, the rail and the overview all show them."""
    return list(Incident.objects.open())


def abnormal() -> list[Condition]:
    return [
        Condition(
            "open",
            "alert",
            f"{incident.name}, {incident.get_severity_display()}",
            reverse("incident", args=[incident.number]),
            "incidents",
        )
        for incident in open_incidents()
    ]


conditions.register("incidents", abnormal)
