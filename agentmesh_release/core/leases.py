"""Leases: the queue of record is rows, and a lease says whose row it is just now.

All times are the database's clock. A lease carries a fencing token; whoever comes back after its
lease was taken over holds an old token and is refused at the next boundary.
"""

from datetime import datetime, timedelta
from typing import Any, Self

from django.db import connection, models
from django.db.models import Func, Q


class ClockTimestamp(Func):
    """The database's clock now, also inside a longer transaction."""

    function = "clock_timestamp"
    output_field = models.DateTimeField()


def clock() -> datetime:
    """The database's clock."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        now: datetime = cursor.fetchone()[0]
    return now


class LeasedQuerySet(models.QuerySet[Any]):
    def due(self) -> Self:
        """Rows whose time has come and that nobody holds."""
        return self.filter(due_at__lte=ClockTimestamp()).filter(
            Q(lease_until=None) | Q(lease_until__lt=ClockTimestamp())
        )

    def claim(self, pk: Any, lease: timedelta) -> Any | None:
        """Take the lease of one due row; None when it is not due or somebody else's.

        What is answered carries the token of this claim, never that of one who came after it.
        """
        row = self.filter(pk=pk)
        token = row.due().values_list("lease_token", flat=True).first()
        if token is None:
            return None
        mine, until = token + 1, ClockTimestamp() + lease
        taken = row.due().filter(lease_token=token).update(lease_token=mine, lease_until=until)
        return row.filter(lease_token=mine).first() if taken else None

    def held(self, pk: Any, token: int, at_least: timedelta) -> bool:
        """Whether that lease is still ours and lasts for at least so long."""
        return self.filter(
            pk=pk, lease_token=token, lease_until__gt=ClockTimestamp() + at_least
        ).exists()

    def renew(self, pk: Any, token: int, lease: timedelta) -> bool:
        """Let the lease last from now; False when it was given back or somebody else has it."""
        mine = self.filter(pk=pk, lease_token=token).exclude(lease_until=None)
        return bool(mine.update(lease_until=ClockTimestamp() + lease))


class Leased(models.Model):
    """A row that asks for work at `due_at`, done by whoever holds its lease."""

    due_at = models.DateTimeField(db_default=ClockTimestamp())
    attempts = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, editable=False)
    lease_token = models.BigIntegerField(default=0, editable=False)

    class Meta:
        abstract = True
