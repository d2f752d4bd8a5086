"""Waking workers up: a message that may be lost, sent by a thread that nobody waits for.

The rows are the queue of record and the sweep finds them anyway; a message only makes it sooner.
So a request hands its wake-ups to a bounded queue and goes on. When the broker hangs or is away,
what does not fit is dropped, and what has waited too long is not sent any more.
"""

import logging
import queue
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

from celery import Celery
from django.conf import settings
from kombu import Connection, Exchange, Queue
from kombu.transport import TRANSPORT_ALIASES

QUEUES = ("operations", "polling", "deliveries")
BROKER_S = 2
_CAPACITY = 1_000
_STALE_S = 5.0  # the sweep was quicker by then
_EXPIRES_S = 60
_REST_S = 1.0

logger = logging.getLogger(__name__)

TRANSPORT_ALIASES["spool"] = "agentmesh_release.runtime.spool:Transport"


def options(broker_url: str) -> dict[str, Any]:
    """Celery's configuration, the same for those who publish and those who work.

    The queues hang on the nameless exchange: a message goes to its queue with no table of bindings
    that a FLUSHALL could take away.
    """
    is_redis = broker_url.startswith("redis")
    timeouts = {"socket_timeout": BROKER_S, "socket_connect_timeout": BROKER_S}
    return {
        "broker_url": broker_url,
        "broker_connection_timeout": BROKER_S,
        "broker_transport_options": timeouts if is_redis else {},
        "task_queues": [Queue(name, Exchange(""), routing_key=name) for name in QUEUES],
        "task_default_queue": "operations",
        "task_default_exchange": "",
        "task_default_routing_key": "operations",
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        "timezone": "UTC",
    }


app = Celery("agentmesh_release")
app.add_defaults(lambda: options(settings.BROKER_URL))


@dataclass(frozen=True)
class Wake:
    """One wake-up: the task, the ids that it takes, its queue, and when (monotonic seconds)."""

    task: str
    ids: tuple[int, ...]
    queue: str = "operations"
    at: float = field(default_factory=monotonic)


class Publisher:
    """Sends wake-ups in the order given, on a thread of its own that is started when needed."""

    def __init__(self, celery: Celery, capacity: int = _CAPACITY) -> None:
        self._celery = celery
        self._wakes: queue.Queue[Wake] = queue.Queue(capacity)
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None
        self._connection: Connection | None = None
        self._is_failing = False

    def put(self, wake: Wake) -> None:
        """Take a wake-up without waiting; drop it when there is no room."""
        try:
            self._wakes.put_nowait(wake)
        except queue.Full:
            logger.debug("Dropped a wake-up of %s; the sweep will find it.", wake.task)
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="publisher", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while True:
            wake = self._wakes.get()
            if monotonic() - wake.at > _STALE_S:
                continue
            try:
                self._send(wake)
            except Exception as error:  # noqa: BLE001  each transport has its own kind of error
                self._fail(error)
            else:
                self._is_failing = False

    def _fail(self, error: Exception) -> None:
        """Say so once, and leave the broker alone for a moment."""
        if not self._is_failing:
            logger.warning("The broker takes no wake-ups (%s); the sweep will do.", error)
        self._is_failing = True
        connection, self._connection = self._connection, None
        if connection is not None:
            with suppress(Exception):
                connection.release()
        sleep(_REST_S)

    def _send(self, wake: Wake) -> None:
        if self._connection is None:
            self._connection = self._celery.connection_for_write()
            self._connection.ensure_connection(max_retries=1, timeout=BROKER_S)
        with self._celery.amqp.Producer(self._connection, auto_declare=False) as producer:
            self._celery.send_task(
                wake.task,
                args=wake.ids,
                queue=wake.queue,
                producer=producer,
                retry=False,
                expires=_EXPIRES_S,
            )


_publisher = Publisher(app)


def wake(task: str, *ids: int, queue: str = "operations") -> None:
    """Ask a worker to run the task of that name with these ids soon; for `transaction.on_commit`.

    Never waits and never raises, whatever the broker does.
    """
    _publisher.put(Wake(task, ids, queue))
