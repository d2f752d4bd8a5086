"""What stops the harm of an incident: going back to what worked, or a switch."""

from dataclasses import dataclass
from datetime import timedelta

from flags import switches
from flags.models import Switch
from releases.metrics.failures import SUSPECT
from releases.models import Activation, Project, Release
from releases.production.way_back import ways_back

from .models import Incident


@dataclass(frozen=True)
class WayBack:
    """Rolling back the project's last change, which went live `earlier` than the incident began."""

    project: Project
    live: Activation
    to: Release
    earlier: timedelta


def way_back(incident: Incident) -> WayBack | None:
    """The way back from what went live last before the incident, on what it hurts."""
    live = _suspect(incident)
    if live is None or live.release is None:
        return None
    to = ways_back(live.release).first()
    if to is None:
        return None
    earlier = incident.opened_at - live.since
    return WayBack(live.environment.project, live, to, max(earlier, timedelta(0)))


def _suspect(incident: Incident) -> Activation | None:
    changes = Activation.objects.live().filter(
        environment__kind="production",
        origin__in=(Activation.Origin.PROMOTION, Activation.Origin.OUTSIDE),
        since__gte=incident.opened_at - SUSPECT,
    )
    hurt = [each.project_id for each in incident.components.all() if each.project_id]
    if hurt:
        changes = changes.filter(environment__project__in=hurt)
    return changes.select_related("environment__project", "release").order_by("-since").first()


def switches_at_hand() -> list[Switch]:
    """The switches that are not thrown yet."""
    return [switch for switch in switches.in_order() if not switch.is_off]
