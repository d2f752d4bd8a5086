"""Open incidents, in the top line of every page."""

from django.urls import reverse

from agentmesh_release.core.registries import Condition, conditions

from .models import Incident


def open_incidents() -> list[Condition]:
    return [
        Condition(
            "open",
            "alert",
            f"{incident.name}, {incident.get_severity_display()}",
            reverse("incident", args=[incident.number]),
            "incidents",
        )
        for incident in Incident.objects.open()
    ]


conditions.register("incidents", open_incidents)
