"""How the switches stand, for whoever shows it: what is wanted, in one query.

The public status page asks here whether it has to say that the product is down for maintenance.
"""

from dataclasses import dataclass
from datetime import datetime

from .catalogue import API, DATABASE, MAINTENANCE
from .models import Switch


@dataclass(frozen=True)
class Maintenance:
    """The maintenance page that visitors see, since when. Plain text from people: escape it."""

    heading: str
    message: str
    link: str
    since: datetime


@dataclass(frozen=True)
class Standing:
    """How the three stand: what a person last chose, whether or not every target confirms it."""

    api_is_off: bool = False
    writes_are_off: bool = False
    maintenance: Maintenance | None = None

    @property
    def is_normal(self) -> bool:
        return not (self.api_is_off or self.writes_are_off or self.maintenance)


def standing() -> Standing:
    """How the switches stand now."""
    off = {switch.key: switch for switch in Switch.objects.filter(state=Switch.State.OFF)}
    shown = off.get(MAINTENANCE)
    return Standing(
        api_is_off=API in off,
        writes_are_off=DATABASE in off,
        maintenance=Maintenance(shown.heading, shown.message, shown.link, shown.since)
        if shown
        else None,
    )
