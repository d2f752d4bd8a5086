"""The sweep: finds what is due, whatever became of the message that should have woken it.

Each worker runs it on a timer; an advisory lock lets one pick at a time, so that beat is no single
point of failure and no work waits for a lost message. It also seals the audit log.
"""

import logging
import os
import socket
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from threading import Event as Flag
from typing import Any

from django.conf import settings
from django.db import DatabaseError, close_old_connections, connection, transaction
from django.db.models import QuerySet

from . import events, incoming, operations, polls, seals
from .frozen import lose_locks_when_frozen
from .heartbeats import beat
from .leases import ClockTimestamp
from .models.event import Reaction
from .models.heartbeat import Heartbeat
from .models.incoming_webhook import IncomingWebhook
from .models.operation import Operation
from .models.poll import Poll
from .registries import Registry

logger = logging.getLogger("agentmesh_release.sweep")

PERIOD_S = 0.5
_HEARTBEAT_PERIOD_S = 5.0
_FORGET_AFTER = timedelta(minutes=10)
_LOCK = 0x5EE9
_BATCH = 50
_THREADS = 6


@dataclass(frozen=True)
class Duty:
    """One kind of due rows and what to do with each."""

    name: str
    due: Callable[[], QuerySet[Any]]
    run: Callable[[int], None]


duties: Registry[Duty] = Registry("duty")


def duty(name: str, due: Callable[[], QuerySet[Any]], run: Callable[[int], None]) -> None:
    """Register a kind of due rows, and what to do with each."""
    duties.register(name, Duty(name, due, run))


duty(
    "operation",
    lambda: Operation.objects.filter(state=Operation.State.RUNNING).due(),
    operations.run,
)
duty("reaction", lambda: Reaction.objects.filter(state=Reaction.State.DUE).due(), events.react)
duty(
    "incoming webhook",
    lambda: IncomingWebhook.objects.filter(state=IncomingWebhook.State.WAITING).due(),
    incoming.apply,
)
duty("poll", lambda: Poll.objects.due(), polls.run)


class Sweep:
    """One worker's sweep: a timer, and threads that run what it finds.

    Each duty has threads of its own, so that polls that hang keep no operation or switch waiting.
    """

    def __init__(self) -> None:
        self._pools = {each.name: _pool(each) for each in duties}
        self._under_way: dict[tuple[str, int], Future[None]] = {}
        self._part = f"worker:{socket.gethostname()}:{os.getpid()}"

    def run_forever(self, stop: Flag) -> None:
        """Sweep until told to stop; a database that is away is tried again."""
        until_heartbeat = 0.0
        while not stop.wait(PERIOD_S):
            until_heartbeat -= PERIOD_S
            try:
                close_old_connections()
                if until_heartbeat <= 0:
                    self._live()
                    until_heartbeat = _HEARTBEAT_PERIOD_S
                seals.seal_new_events(settings.AUDIT_KEY.encode(), settings.AUDIT_ANCHOR_FILE)
                self.once()
            except DatabaseError as error:
                logger.warning("sweep: the database does not answer (%s)", type(error).__name__)
                connection.close()
            except Exception:
                logger.exception("sweep")
        for pool in self._pools.values():
            pool.shutdown(wait=True, cancel_futures=True)
        connection.close()

    def once(self) -> int:
        """Hand over what is due and not under way here; answers how many rows that were."""
        self._under_way = {
            key: future for key, future in self._under_way.items() if not future.done()
        }
        found = [(each, pk) for each, pk in _pick() if (each.name, pk) not in self._under_way]
        for each, pk in found:
            self._under_way[each.name, pk] = self._pools[each.name].submit(_run, each, pk)
        return len(found)

    def _live(self) -> None:
        beat(self._part)
        beat("sweep")
        Heartbeat.objects.filter(
            part__startswith="worker:", at__lt=ClockTimestamp() - _FORGET_AFTER
        ).delete()


def run_forever(stop: Flag) -> None:
    """The entry point of a worker's sweep thread."""
    Sweep().run_forever(stop)


def _pool(due: Duty) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(_THREADS, thread_name_prefix=f"sweep-{due.name}")


def _pick() -> list[tuple[Duty, int]]:
    """What is due, found by one sweep at a time; a frozen process cannot keep the others out."""
    with transaction.atomic(), connection.cursor() as cursor:
        lose_locks_when_frozen()
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        if not cursor.fetchone()[0]:
            return []
        return [
            (each, pk)
            for each in duties
            for pk in each.due().order_by("due_at").values_list("pk", flat=True)[:_BATCH]
        ]


def _run(due: Duty, pk: int) -> None:
    try:
        close_old_connections()
        due.run(pk)
    except DatabaseError as error:
        logger.warning(
            "%s %s: the database does not answer (%s)", due.name, pk, type(error).__name__
        )
        connection.close()
    except Exception:
        logger.exception("%s %s", due.name, pk)
