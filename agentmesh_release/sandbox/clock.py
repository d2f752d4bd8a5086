"""Time as the vendors write it: milliseconds inside, ISO-8601 and seconds at the edges."""

import time
from datetime import UTC, datetime


def now_ms() -> int:
    """The present moment in milliseconds since the epoch."""
    return time.time_ns() // 1_000_000


def iso(at_ms: int) -> str:
    """`2026-11-24T14:20:00Z`, as GitHub writes times (whole seconds, UTC)."""
    return datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def iso_ms(at_ms: int) -> str:
    """`2026-11-24T14:20:00.123Z`, as Vercel and the journal write times."""
    whole = datetime.fromtimestamp(at_ms // 1000, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{at_ms % 1000:03d}Z"
