"""How long a lease on an operation lasts, and what follows from it."""

from datetime import timedelta

from django.conf import settings


def lease() -> timedelta:
    """What a worker takes when it begins an attempt, and renews while it is at it.

    So long does a worker that died or froze hold up the operation that it was at.
    """
    return timedelta(seconds=settings.OPERATION_LEASE_S)


def act_s() -> float:
    """Within how many seconds an outside act has to be sent and answered: less than the lease, so
    that nobody goes on in the place of one who may still act."""
    return lease().total_seconds() / 3
