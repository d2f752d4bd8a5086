"""What the public status page says. It names no person, no tool and no guess."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from flags.standing import Standing, standing
from releases.models import Project

from .models import Component, Incident

PAST = timedelta(days=14)
WORDS = {
    "operational": "Works",
    "degraded": "Degraded",
    "outage": "Outage",
    "maintenance": "Maintenance",
}
_WORST_FIRST = ("outage", "degraded", "maintenance", "operational")


@dataclass(frozen=True)
class Shown:
    """One component with its state."""

    name: str
    state: str

    @property
    def word(self) -> str:
        return WORDS[self.state]


@dataclass(frozen=True)
class Status:
    """All that the page shows; `headline` is its first sentence."""

    headline: str
    state: str
    components: list[Shown]
    open: list[Incident]
    past: list[Incident]
    standing: Standing

    @property
    def rest_works(self) -> bool:
        """Whether some components are hurt and all others work."""
        states = {shown.state for shown in self.components}
        return "operational" in states and len(states) > 1


def status(now: datetime) -> Status:
    """The public state of the world."""
    switches = standing()
    open_now = list(Incident.objects.open().prefetch_related("components", "entries"))
    past = list(Incident.objects.filter(resolved_at__gte=now - PAST).order_by("-resolved_at")[:10])
    present = Component.objects.exclude(project__archived_at__isnull=False)
    components = [Shown(each.name, _state(each, open_now, switches)) for each in present]
    worst = _worst([shown.state for shown in components] + _of_switches(switches))
    worst = _worst([worst, *(each.impact for each in open_now)])
    return Status(
        _headline(worst, components, switches), worst, components, open_now, past, switches
    )


def ensure(project: Project) -> None:
    """List the project as a component of the status page."""
    Component.objects.get_or_create(project=project, defaults={"name": project.name})


def _state(component: Component, incidents: list[Incident], switches: Standing) -> str:
    hurt = [
        incident.impact
        for incident in incidents
        if component.pk in {each.pk for each in incident.components.all()}
    ]
    return _worst(hurt + _of_switches(switches))


def _of_switches(switches: Standing) -> list[str]:
    states = ["operational"]
    if switches.maintenance:
        states.append("maintenance")
    if switches.writes_are_off:
        states.append("degraded")
    if switches.api_is_off:
        states.append("outage")
    return states


def _worst(states: list[str]) -> str:
    return min(states, key=_WORST_FIRST.index)


def _headline(worst: str, components: list[Shown], switches: Standing) -> str:
    if switches.maintenance and worst in ("maintenance", "degraded"):
        return switches.maintenance.heading or "We are working on it"
    if switches.api_is_off:
        return "The API is off"
    if switches.writes_are_off:
        return "Saving is paused"
    hurt = [shown for shown in components if shown.state == worst]
    if worst == "operational":
        return "Everything works"
    if len(hurt) == 1:
        return f"{hurt[0].name} {'is degraded' if worst == 'degraded' else 'does not work'}"
    return "Some parts are degraded" if worst == "degraded" else "Some parts do not work"
