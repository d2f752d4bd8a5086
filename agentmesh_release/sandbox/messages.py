"""What was sent out through Slack, PagerDuty and mail, kept so that it can be looked at."""

import json

from . import clock
from .sandbox import Sandbox
from .store import Row

KEPT = 1_000


def keep(sandbox: Sandbox, vendor: str, kind: str, summary: str, body: object) -> int:
    """Keep one message; the oldest go when there are too many."""
    id_ = sandbox.store.write(
        "insert into messages (vendor, kind, at, summary, body) values (?, ?, ?, ?, ?)",
        vendor,
        kind,
        clock.now_ms(),
        summary[:500],
        json.dumps(body),
    )
    sandbox.store.write("delete from messages where id <= ?", id_ - KEPT)
    return id_


def newest(sandbox: Sandbox, count: int) -> list[Row]:
    """The last messages, newest first."""
    return sandbox.store.rows("select * from messages order by id desc limit ?", count)
