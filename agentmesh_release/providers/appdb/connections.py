"""A few connections to the app's database, every use of which ends within its budget.

`statement_timeout` is the server's promise; a server that hangs does not keep it. So a timer also
shuts the socket down when the time is up, and whoever waits on it gets an error.
"""

from __future__ import annotations

import os
import select
import socket
import threading
import time
from collections.abc import Callable
from typing import TypeVar

import psycopg
from psycopg import sql

from agentmesh_release.providers.appdb.dsn import Dsn
from agentmesh_release.providers.appdb.failures import THE_DATABASE, in_words
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.patience import within

T = TypeVar("T")
Connection = psycopg.Connection[tuple[object, ...]]
Work = Callable[[Connection], T]
KEPT_IDLE_S = 30.0


class _Cutter:
    """Shuts a connection's socket down at a deadline, unless it was disarmed before."""

    def __init__(self, connection: Connection, seconds: float) -> None:
        self._connection, self._lock = connection, threading.Lock()
        self._armed = True
        self.fired = False
        self._timer = threading.Timer(max(0.0, seconds), self._cut)
        self._timer.daemon = True
        self._timer.start()

    def _cut(self) -> None:
        with self._lock:  # held while cutting, so that the descriptor cannot be someone else's
            if not self._armed:
                return
            self.fired = True
            try:
                with socket.socket(fileno=os.dup(self._connection.fileno())) as same:
                    same.shutdown(socket.SHUT_RDWR)
            except (OSError, psycopg.Error):
                return

    def disarm(self) -> None:
        with self._lock:
            self._armed = False
        self._timer.cancel()


class Connections:
    """At most `size` connections, made when needed, kept for a short while, never shared with a
    forked child. Nothing is prepared on the server and nothing outlives a transaction, so poolers
    in transaction mode will do (https://supabase.com/docs/guides/database/connecting-to-postgres).
    """

    def __init__(self, dsn: Dsn, budget_s: float, size: int) -> None:
        self.dsn, self.budget_s, self.size = dsn, budget_s, size
        self._inherited: list[list[tuple[float, Connection]]] = []
        self._begin()

    def _begin(self) -> None:
        self._pid = os.getpid()
        self._slots = threading.BoundedSemaphore(self.size)
        self._lock = threading.Lock()
        self._idle: list[tuple[float, Connection]] = []

    def run(self, work: Work[T], *, writes: bool = False) -> T:
        """Do `work` in one transaction, read-only unless `writes`, within the budget."""
        deadline = time.monotonic() + self.budget_s
        if self._pid != os.getpid():
            # Closing a forked parent's connections would end its sessions: keep, never touch.
            self._inherited.append(self._idle)
            self._begin()
        if not self._slots.acquire(timeout=self.budget_s):
            raise ProviderError(f"{THE_DATABASE} is busy: all {self.size} connections are in use.")
        try:
            connection = self._take() or self._connect(deadline)
            return self._use(connection, work, deadline, writes)
        finally:
            self._slots.release()

    def _use(self, connection: Connection, work: Work[T], deadline: float, writes: bool) -> T:
        cutter = _Cutter(connection, deadline - time.monotonic())
        healthy = False
        try:
            with connection.transaction():
                _limit(connection, deadline, writes)
                result = work(connection)
            healthy = True
            return result
        except psycopg.Error as error:
            healthy = error.sqlstate is not None and not connection.closed
            if cutter.fired:
                raise ProviderError(
                    f"{THE_DATABASE} did not answer within {self.budget_s:g} s.", unsettled=writes
                ) from None
            raise in_words(error, connecting=False, wrote=writes) from None
        except ProviderError:
            healthy = True
            raise
        finally:
            cutter.disarm()
            self._give_back(connection, healthy=healthy and not cutter.fired)

    def _connect(self, deadline: float) -> Connection:
        """The driver's own timeout counts per address and cannot be below 2 s, so it runs beside
        us and is left behind when it is late."""
        left = deadline - time.monotonic()

        def connect() -> Connection:
            return psycopg.connect(
                **{**self.dsn.parameters, "connect_timeout": str(max(2, int(self.budget_s)))},  # type: ignore[arg-type]
                autocommit=True,
                prepare_threshold=None,
            )

        try:
            return within(left, connect, discard=psycopg.Connection.close)
        except TimeoutError:
            raise ProviderError(
                f"{THE_DATABASE} could not be reached within {self.budget_s:g} s."
            ) from None
        except psycopg.Error as error:
            raise in_words(error, connecting=True) from None

    def _take(self) -> Connection | None:
        with self._lock:
            while self._idle:
                since, connection = self._idle.pop()
                if time.monotonic() - since < KEPT_IDLE_S and _is_quiet(connection):
                    return connection
                connection.close()
        return None

    def _give_back(self, connection: Connection, *, healthy: bool) -> None:
        if not healthy or connection.closed:
            connection.close()
            return
        with self._lock:
            self._idle.append((time.monotonic(), connection))

    def close(self) -> None:
        """Close what is idle; what is in use closes when it comes back and is too old."""
        with self._lock:
            idle, self._idle = self._idle, []
        if self._pid == os.getpid():
            for _, connection in idle:
                connection.close()


def _limit(connection: Connection, deadline: float, writes: bool) -> None:
    """The server gives up a little before we do, so that the connection stays usable. SET LOCAL,
    since a pooler may hand the session on."""
    left_ms = max(1, int((deadline - time.monotonic()) * 1000 * 0.9))
    mode = "READ WRITE" if writes else "READ ONLY"
    statement = "SET LOCAL statement_timeout = {ms}; SET TRANSACTION " + mode
    connection.execute(sql.SQL(statement).format(ms=sql.Literal(left_ms)))


def _is_quiet(connection: Connection) -> bool:
    """Whether the server has said nothing since: it only does to an idle client when it goes."""
    if connection.closed:
        return False
    poll = select.poll()
    poll.register(connection.fileno(), select.POLLIN | select.POLLHUP | select.POLLERR)
    return not poll.poll(0)
