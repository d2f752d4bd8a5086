"""Signs of life: written by each part, read by `doctor`."""

from .leases import ClockTimestamp
from .models.heartbeat import Heartbeat


def beat(part: str) -> None:
    """Say that this part is alive now, by the database's clock."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": ClockTimestamp()})
