"""Moments out of a history, which may hold any number where a time should be."""

from datetime import UTC, datetime

# What both Python and PostgreSQL can hold, with room for any zone: years 1 to 9999, days inside.
_EARLIEST = int(datetime(1, 1, 2, tzinfo=UTC).timestamp())
_LATEST = int(datetime(9999, 12, 30, tzinfo=UTC).timestamp())
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def moment(seconds: str) -> datetime | None:
    """Seconds since 1970 as text, as git prints them; None for what is no time."""
    try:
        return clamped(int(seconds))
    except ValueError:
        return None


def clamped(seconds: int) -> datetime:
    """The moment, or the nearest one that can be stored."""
    return datetime.fromtimestamp(min(max(seconds, _EARLIEST), _LATEST), UTC)
