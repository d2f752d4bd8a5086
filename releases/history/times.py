"""Moments out of a history, which may hold any number where a time should be."""

from datetime import UTC, datetime

# What both Python and PostgreSQL can hold, with room for any zone: years 1 to 9999, days inside.
_EARLIEST = datetime(1, 1, 2, tzinfo=UTC)
_LATEST = datetime(9999, 12, 30, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(seconds: str) -> datetime | None:
    """Seconds since 1970 as text, as git prints them; None for what is no time."""
    try:
        return clamped(int(seconds))
    except ValueError:
        return None


def clamped(seconds: int) -> datetime:
    """The moment, or the nearest one that can be stored."""
    if seconds <= _EARLIEST.timestamp():
        return _EARLIEST
    if seconds >= _LATEST.timestamp():
        return _LATEST
    return datetime.fromtimestamp(seconds, UTC)
