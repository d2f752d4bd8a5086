"""Domain events: published with the change they tell of, reacted to once by each subscriber.

    @on("switch.flipped")
    def note_on_timeline(event: Event) -> None: ...

A subscriber runs in one transaction with the mark that it has run, so what it writes to the
database happens once, however often it is tried.
"""

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import transaction

from .backoff import backoff_s
from .frozen import lose_locks_in_the_end
from .leases import ClockTimestamp
from .models.event import Event, Reaction
from .publishing import wake
from .text import storable

logger = logging.getLogger("agentmesh_release.events")

MAX_ATTEMPTS = 8
Subscriber = Callable[[Event], None]

_subscribers: dict[str, dict[str, Subscriber]] = defaultdict(dict)


def on(name: str) -> Callable[[Subscriber], Subscriber]:
    """Subscribe a function to the events of that name."""

    def subscribe(subscriber: Subscriber) -> Subscriber:
        _subscribers[name][f"{subscriber.__module__}.{subscriber.__qualname__}"] = subscriber
        return subscriber

    return subscribe


def publish(name: str, payload: dict[str, Any]) -> Event:
    """Publish an event; inside the transaction that makes it true."""
    event = Event.objects.create(name=name, payload=storable(payload))
    reactions = Reaction.objects.bulk_create(
        Reaction(event=event, subscriber=subscriber) for subscriber in _subscribers[name]
    )
    for reaction in reactions:
        transaction.on_commit(partial(wake, "core.react", reaction.pk, queue="deliveries"))
    return event


def react(reaction_id: int) -> None:
    """Run one subscriber on its event, unless it ran or somebody is at it."""
    try:
        lose_locks_in_the_end()
        with transaction.atomic():
            _react(reaction_id)
    except Exception as error:
        logger.exception("reaction %s", reaction_id)
        _put_off(reaction_id, error)


def _react(reaction_id: int) -> None:
    reaction = (
        Reaction.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("event")
        .filter(pk=reaction_id, state=Reaction.State.DUE)
        .first()
    )
    if reaction is None:
        return
    _subscribers[reaction.event.name][reaction.subscriber](reaction.event)
    Reaction.objects.filter(pk=reaction_id).update(
        state=Reaction.State.DONE, done_at=ClockTimestamp(), error=""
    )


def _put_off(reaction_id: int, error: Exception) -> None:
    with transaction.atomic():
        reaction = Reaction.objects.select_for_update().get(pk=reaction_id)
        attempts = reaction.attempts + 1
        Reaction.objects.filter(pk=reaction_id, state=Reaction.State.DUE).update(
            attempts=attempts,
            error=storable(f"{type(error).__name__}: {error}"),
            due_at=ClockTimestamp() + timedelta(seconds=backoff_s(attempts)),
            state=Reaction.State.FAILED if attempts >= MAX_ATTEMPTS else Reaction.State.DUE,
        )
