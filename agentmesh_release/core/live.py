"""Telling browsers what went stale: PostgreSQL's NOTIFY, sent inside the transaction.

A notice leaves exactly when its transaction commits. Its payload is the stale topics, separated by
spaces; one transaction that moves through several doors sends one notice.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from django.db import connection

CHANNEL = "live"
ACCESS_CHANNEL = "access"
_PAYLOAD_LIMIT = 7_900  # bytes; PostgreSQL refuses 8,000 and more

_collected: ContextVar[dict[str, None] | None] = ContextVar("collected_topics", default=None)


def stale(*topics: str) -> None:
    """Say that what shows these topics (`release:42`, `switches`) has to be read again."""
    collected = _collected.get()
    if collected is None:
        _send(topics)
    else:
        collected.update(dict.fromkeys(topics))


def end_streams(user_id: int) -> None:
    """Drop the live streams of a person whose rights changed or who signed out."""
    _notify(ACCESS_CHANNEL, f"user:{user_id}")


def end_session_streams(session_hash: str) -> None:
    """Drop the live streams of one session, which ended."""
    _notify(ACCESS_CHANNEL, f"session:{session_hash}")


@contextmanager
def one_notice() -> Iterator[None]:
    """Collect what goes stale inside, and send it as one notice at the end."""
    if _collected.get() is not None:
        yield
        return
    token = _collected.set({})
    try:
        yield
        topics = tuple(_collected.get() or ())
    finally:
        _collected.reset(token)
    _send(topics)


def _send(topics: tuple[str, ...]) -> None:
    payload = ""
    for topic in topics:
        longer = f"{payload} {topic}".strip()
        if len(longer.encode()) > _PAYLOAD_LIMIT:
            _notify(CHANNEL, payload)
            longer = topic
        payload = longer
    if payload:
        _notify(CHANNEL, payload)


def _notify(channel: str, payload: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [channel, payload])
