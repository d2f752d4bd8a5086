"""Taking one in: checked, stored as it came, nothing else. The sender waits for us."""

from collections.abc import Mapping

from django.db import connection
from django.db.models import F, Value
from django.db.models.functions import Now

from ..leases import ClockTimestamp
from ..models.incoming_webhook import WebhookRefusal
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
    _store(source.name, arrival, body)


# One statement, committed by itself: a sender that sends five hundred a second waits for each.
# One that we had asked for again takes the place that was kept for it; any other is there already.
_STORE = """
    INSERT INTO core_incomingwebhook AS kept
        (source, delivery, event, body, size, received_at,
         state, about, note, attempts, lease_token)
    VALUES (%s, %s, %s, %s, %s, clock_timestamp(), 'waiting', '', '', 0, 0)
    ON CONFLICT (source, delivery) DO UPDATE
        SET body = excluded.body, size = excluded.size, received_at = excluded.received_at,
            due_at = clock_timestamp(), state = 'waiting', note = ''
        WHERE kept.state = 'missed'
"""


def _store(source: str, arrival: Arrival, body: bytes) -> None:
    with connection.cursor() as cursor:
        cursor.execute(_STORE, [source, arrival.delivery, arrival.event, body, len(body)])


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
