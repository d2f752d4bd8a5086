"""The listener: this process's ear on PostgreSQL's notices.

It needs a connection of its own that no pooler shares (`DATABASE_DIRECT_URL`).
"""

import asyncio
import contextlib
import logging
import os
import time
from collections.abc import Iterator
from random import uniform
from secrets import token_hex
from typing import Any

import psycopg

from agentmesh_release.core.live import ACCESS_CHANNEL, CHANNEL

from .hub import Hub

PULSE_CHANNEL = "pulse"
_PULSE_S = 10.0
_DEAF_S = 5.0
_LONGEST_REST_S = 5.0
_KEEPALIVE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}

log = logging.getLogger(__name__)


class Listener:
    """Passes notices on to the hub, and comes back by itself when its connection breaks."""

    def __init__(self, hub: Hub, conninfo: str) -> None:
        self._hub = hub
        self._conninfo = conninfo
        self._task: asyncio.Task[None] | None = None
        self._awaited: dict[str, asyncio.Event] = {}
        self._heard_at = time.monotonic()

    def start(self) -> None:
        self._task = asyncio.ensure_future(self._stay())

    def stop(self) -> None:
        if self._task:
            self._task.cancel()

    @contextlib.contextmanager
    def expecting(self) -> Iterator[tuple[str, asyncio.Event]]:
        """A payload for the channel `pulse`, and the event that is set once it was heard."""
        pulse, heard = token_hex(8), asyncio.Event()
        self._awaited[pulse] = heard
        try:
            yield pulse, heard
        finally:
            del self._awaited[pulse]

    async def _stay(self) -> None:
        rest = 0.1
        while True:
            try:
                async with await self._connect() as connection:
                    await self._subscribe(connection)
                    rest = 0.1
                    await self._follow(connection)
            except (psycopg.Error, OSError, TimeoutError) as error:
                log.warning("The listener lost the database: %s", str(error).strip() or "silence")
            self._hub.lost()
            await asyncio.sleep(rest * uniform(0.8, 1.2))  # noqa: S311
            rest = min(rest * 2, _LONGEST_REST_S)

    async def _connect(self) -> psycopg.AsyncConnection:
        return await psycopg.AsyncConnection.connect(
            self._conninfo,
            autocommit=True,
            connect_timeout=5,
            application_name=f"agentmesh listener {os.getpid()}",
            **_KEEPALIVE,
        )

    async def _subscribe(self, connection: psycopg.AsyncConnection) -> None:
        for channel in (CHANNEL, ACCESS_CHANNEL, PULSE_CHANNEL):
            await connection.execute(f"LISTEN {channel}")
        self._heard_at = time.monotonic()
        self._hub.listening()

    async def _follow(self, connection: psycopg.AsyncConnection) -> None:
        """Pass on what is heard; a silence is broken by a notice of our own, which must arrive."""
        while True:
            async for notice in connection.notifies(timeout=_PULSE_S):
                self._heard_at = time.monotonic()
                self._pass_on(notice)
            if time.monotonic() - self._heard_at > _PULSE_S + _DEAF_S:
                raise TimeoutError
            async with asyncio.timeout(_DEAF_S):
                await connection.execute("SELECT pg_notify(%s, '')", [PULSE_CHANNEL])

    def _pass_on(self, notice: psycopg.Notify) -> None:
        if notice.channel == CHANNEL:
            self._hub.hear(notice.payload.split())
        elif notice.channel == ACCESS_CHANNEL:
            self._hub.end(notice.payload)
        elif notice.payload in self._awaited:
            self._awaited[notice.payload].set()
