"""Applying what came in: a worker reads the row, and has what it names read again."""

import logging
from datetime import timedelta

from django.db import transaction

from .. import audit, live
from ..actors import Actor
from ..backoff import backoff_s
from ..frozen import lose_locks_in_the_end
from ..leases import ClockTimestamp
from ..models.incoming_webhook import IncomingWebhook
from ..refusals import Refused
from ..text import storable
from .sources import Unreadable, sources

logger = logging.getLogger("agentmesh_release.incoming")

State = IncomingWebhook.State
LEASE = timedelta(seconds=60)
MOST_ATTEMPTS = 6
TOPIC = "webhooks"


def apply(webhook_id: int) -> None:
    """Apply one that waits, unless somebody is at it. What fails is tried again, then kept."""
    lose_locks_in_the_end()
    claimed = IncomingWebhook.objects.filter(state=State.WAITING).claim(webhook_id, LEASE)
    if claimed is None:
        return
    if claimed.source not in sources:
        _settle(claimed, State.FAILED, f"Nobody here reads webhooks from {claimed.source}.")
        return
    try:
        outcome = sources.get(claimed.source).apply(claimed)
    except Unreadable as error:
        _settle(claimed, State.FAILED, str(error))
    except Exception as error:
        logger.exception("webhook %s", claimed)
        _put_off(claimed, f"{type(error).__name__}: {error}")
    else:
        _settle(claimed, outcome.state, outcome.note, about=storable(outcome.about)[:200])


def replay(webhook: IncomingWebhook, *, by: Actor) -> None:
    """Have it applied once more. Raises Refused while it waits or has not arrived."""
    with transaction.atomic(), live.one_notice():
        locked = IncomingWebhook.objects.select_for_update().defer("body").get(pk=webhook.pk)
        if not locked.can_be_replayed:
            raise Refused("not_settled", "It is not settled yet, so there is nothing to replay.")
        IncomingWebhook.objects.filter(pk=locked.pk).update(
            state=State.WAITING, note="", attempts=0, due_at=ClockTimestamp()
        )
        audit.record(
            "webhook.replay",
            actor=by,
            subject=f"webhook:{locked.pk}",
            label=f"{locked.event} {locked.about}".strip(),
            data={"source": locked.source, "delivery": locked.delivery},
        )
        live.stale(TOPIC)


def _settle(claimed: IncomingWebhook, state: str, note: str, **fields: object) -> None:
    fields["settled_at"] = ClockTimestamp()
    _release(claimed, state=state, note=storable(note), **fields)


def _put_off(claimed: IncomingWebhook, error: str) -> None:
    attempts = claimed.attempts + 1
    if attempts >= MOST_ATTEMPTS:
        _settle(claimed, State.FAILED, error, attempts=attempts)
        return
    delay = timedelta(seconds=backoff_s(attempts))
    _release(claimed, note=storable(error), attempts=attempts, due_at=ClockTimestamp() + delay)


def _release(claimed: IncomingWebhook, **fields: object) -> None:
    """Write what came of it and give the lease back; who came after us in the lease counts."""
    IncomingWebhook.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token).update(
        lease_until=None, **fields
    )
    live.stale(TOPIC)
