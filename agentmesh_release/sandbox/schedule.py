"""Work that becomes due: builds that end, aliases that move. Kept in the store, so nothing is lost.

`settle` runs what is due. It is called before each request (a reader never sees a stale state) and
by a thread (things happen with nobody asking).
"""

import json
import logging
import threading
from collections.abc import Callable
from typing import Any

from . import clock
from .sandbox import Sandbox
from .wire import Json

log = logging.getLogger("sandbox")
Work = Callable[[Sandbox, Json], None]
_KINDS: dict[str, Work] = {}
TICK_S = 0.2


def work(kind: str) -> Callable[[Work], Work]:
    """Decorator: this function does the jobs of that kind, inside a transaction."""

    def register(function: Work) -> Work:
        _KINDS[kind] = function
        return function

    return register


def later(sandbox: Sandbox, seconds: float, kind: str, **payload: Any) -> None:
    """Do a job of that kind `seconds` from now."""
    sandbox.store.write(
        "insert into jobs (due_at, kind, payload) values (?, ?, ?)",
        clock.now_ms() + round(seconds * 1000),
        kind,
        json.dumps(payload),
    )


def settle(sandbox: Sandbox) -> None:
    """Do everything that is due, in order, each job with its deletion in one transaction."""
    while _settle_one(sandbox):
        pass


def _settle_one(sandbox: Sandbox) -> bool:
    due = "select * from jobs where due_at <= ? order by due_at, id limit 1"
    if sandbox.store.row(due, clock.now_ms()) is None:
        return False
    with sandbox.store.transaction():
        row = sandbox.store.row(due, clock.now_ms())
        if row is None:
            return False
        sandbox.store.write("delete from jobs where id = ?", row["id"])
        _do(sandbox, row["kind"], json.loads(row["payload"]))
    return True


def _do(sandbox: Sandbox, kind: str, payload: Json) -> None:
    try:
        with sandbox.store.transaction():
            _KINDS[kind](sandbox, payload)
    except Exception:
        # Once is enough: a job that cannot be done must not stand in the way of all others.
        log.exception("a %s job failed", kind)


def keep_settling(sandbox: Sandbox) -> threading.Thread:
    """Start the thread that settles five times a second until the sandbox stops."""

    def run() -> None:
        while not sandbox.stopping.wait(TICK_S):
            settle(sandbox)

    thread = threading.Thread(target=run, name="settle", daemon=True)
    thread.start()
    return thread
