"""Taking one in: checked, stored as it came, nothing else. The sender waits for us."""

from collections.abc import Mapping

from django.db.models import F, Value
from django.db.models.functions import Now

from ..leases import ClockTimestamp
from ..models.incoming_webhook import IncomingWebhook, WebhookRefusal
from ..refusals import Refused
from .sources import Arrival, Source, Unsigned


def receive(source: Source, headers: Mapping[str, str], body: bytes) -> None:
    """Store it, once per delivery id. Raises Refused with the status to answer.

    No transaction spans this and no notice is sent: one row, committed before the answer leaves.
    """
    secrets = source.secrets()
    if not secrets:
        raise Refused("not_set_up", _not_set_up(source), status=404)
    try:
        arrival = source.identify(headers, body, secrets)
    except Unsigned:
        _count_refusal(source)
        raise
    if not _arrived_after_all(source, arrival, body):
        row = IncomingWebhook(
            source=source.name,
            delivery=arrival.delivery,
            event=arrival.event,
            body=body,
            size=len(body),
            received_at=Now(),
        )
        IncomingWebhook.objects.bulk_create([row], ignore_conflicts=True)


def _arrived_after_all(source: Source, arrival: Arrival, body: bytes) -> bool:
    """One that we had asked for again takes the place that was kept for it."""
    missed = IncomingWebhook.objects.filter(
        source=source.name, delivery=arrival.delivery, state=IncomingWebhook.State.MISSED
    )
    return bool(
        missed.update(
            state=IncomingWebhook.State.WAITING,
            body=body,
            size=len(body),
            note="",
            received_at=ClockTimestamp(),
            due_at=ClockTimestamp(),
        )
    )


def _count_refusal(source: Source) -> None:
    WebhookRefusal.objects.bulk_create(
        [WebhookRefusal(source=source.name, last_at=Now())], ignore_conflicts=True
    )
    WebhookRefusal.objects.filter(source=source.name).update(
        count=F("count") + Value(1), last_at=ClockTimestamp()
    )


def _not_set_up(source: Source) -> str:
    name = source.secret_names[0]
    return f"Webhooks from {source.label} are not set up here: set {name} or {name}_FILE."
