"""Signs of life: written by each part, read by `doctor`."""

from datetime import timedelta

from .leases import ClockTimestamp
from .models.heartbeat import Heartbeat

_KEPT = timedelta(days=1)  # a worker has a new name each time that it starts


def beat(part: str) -> None:
    """Say that this part is alive now, by the database's clock."""
    Heartbeat.objects.update_or_create(part=part, defaults={"at": ClockTimestamp()})


def forget() -> None:
    """Forget parts that have not been alive for a day."""
    Heartbeat.objects.filter(at__lt=ClockTimestamp() - _KEPT).delete()
