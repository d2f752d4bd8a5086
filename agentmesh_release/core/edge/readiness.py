"""`/livez`: the process is up. `/readyz`: and what it stands on carries it."""

import asyncio
import json
import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from time import monotonic

from django.db import DatabaseError, InterfaceError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.urls import get_resolver

from .listener import PULSE_CHANNEL, Listener
from .messages import Receive, Scope, Send, answer, only_get

_PATIENCE_S = 0.9
_KEPT_S = 0.5  # nobody can keep the database busy by asking

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Part:
    """One thing that must be right, and what is."""

    is_good: bool
    sentence: str


async def livez(scope: Scope, _receive: Receive, send: Send) -> None:
    only_get(scope, "HEAD")
    await answer(send, 200, "alive\n")


class Readiness:
    """Answers `/readyz` within a second, whatever the database does."""

    def __init__(self, listener: Listener) -> None:
        self._listener = listener
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="readiness")
        self._asking: asyncio.Task[dict[str, Part]] | None = None
        self._asked_at = 0.0

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        only_get(scope, "HEAD")
        parts = await self.parts()
        is_ready = all(part.is_good for part in parts.values())
        body = {
            "ready": is_ready,
            "parts": {
                name: {"state": "passed" if part.is_good else "failed", "sentence": part.sentence}
                for name, part in parts.items()
            },
        }
        text = json.dumps(body, indent=2) + "\n"
        await answer(send, 200 if is_ready else 503, text, content_type=b"application/json")

    async def parts(self) -> dict[str, Part]:
        """Database, listener and migrations; one look serves everyone who asks meanwhile."""
        is_old = monotonic() - self._asked_at > _KEPT_S
        if self._asking is None or (self._asking.done() and is_old):
            self._asking, self._asked_at = asyncio.ensure_future(self._look()), monotonic()
        return await asyncio.shield(self._asking)

    def start(self) -> None:
        self._thread.submit(_warm_up)

    def stop(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)

    async def _look(self) -> dict[str, Part]:
        parts = dict(_NOTHING_KNOWN)
        loop = asyncio.get_running_loop()
        with self._listener.expecting() as (pulse, heard):
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    missing = await loop.run_in_executor(self._thread, self._probe, pulse)
                    parts |= {"database": _DATABASE, "migrations": _migrations(missing)}
                    await heard.wait()
                    parts["listener"] = _LISTENER
            except (TimeoutError, DatabaseError, InterfaceError) as error:
                log.info("Not ready: %s", error or "no answer in time")
        return parts

    def _probe(self, pulse: str) -> list[str]:
        """Send the pulse and name the migrations that are missing."""
        try:
            return self._ask(pulse)
        except (DatabaseError, InterfaceError):
            connection.close()  # it may only be the connection that is old
            return self._ask(pulse)

    def _ask(self, pulse: str) -> list[str]:
        applied = MigrationRecorder(connection).applied_migrations()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [PULSE_CHANNEL, pulse])
        return [".".join(leaf) for leaf in _newest_migrations() if leaf not in applied]


def _warm_up() -> None:
    """Do now what the first page would have to wait for: import every view and migration."""
    get_resolver().url_patterns  # noqa: B018
    _newest_migrations()


@cache
def _newest_migrations() -> list[tuple[str, str]]:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return [(app, name) for app, name in loader.graph.leaf_nodes()]


_DATABASE = Part(True, "The database answers.")
_LISTENER = Part(True, "The listener hears its own notice.")
_NOTHING_KNOWN = {
    "database": Part(False, "The database does not answer within a second."),
    "listener": Part(False, "The listener does not hear its own notice."),
    "migrations": Part(False, "Not known while the database does not answer."),
}


def _migrations(missing: list[str]) -> Part:
    if missing:
        return Part(False, f"Not applied: {', '.join(missing)}. Run `manage.py migrate`.")
    return Part(True, "All migrations are applied.")
