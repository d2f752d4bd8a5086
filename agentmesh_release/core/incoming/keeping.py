"""How long webhooks are kept."""

from datetime import timedelta

from ..leases import ClockTimestamp
from ..models.incoming_webhook import IncomingWebhook

_KEPT = timedelta(days=30)
_BATCH = 1_000


def forget() -> None:
    """Let go of webhooks that are settled and older than thirty days, a batch at a time.

    `due_at` is when one came, or was replayed last.
    """
    old = (
        IncomingWebhook.objects.exclude(state=IncomingWebhook.State.WAITING)
        .filter(due_at__lt=ClockTimestamp() - _KEPT)
        .order_by("id")
        .values("pk")[:_BATCH]
    )
    while IncomingWebhook.objects.filter(pk__in=old).delete()[0]:
        pass
