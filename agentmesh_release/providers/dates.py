"""Times in HTTP headers, read by the clock of whoever wrote them: ours may be wrong by hours."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST_WAIT_S = 86_400.0


def server_epoch(headers: Mapping[str, str]) -> float | None:
    """The Date header as an epoch second, true to the second below; None where there is none."""
    moment = http_date(headers.get("date", ""))
    return None if moment is None else moment.timestamp()


def http_date(text: str) -> datetime | None:
    """A date as HTTP headers write it (RFC 9110, 5.6.7), or None."""
    try:
        moment = parsedate_to_datetime(text)
    except (TypeError, ValueError, IndexError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """Retry-After in seconds: a number or a date (RFC 9110, 10.2.3), at most a day.

    `now` is our epoch second, used for a date when the answer has no Date of its own.
    """
    text = headers.get("retry-after", "").strip()
    if text.isascii() and text.replace(".", "", 1).isdigit():
        return min(float(text), LONGEST_WAIT_S)
    moment, their_now = http_date(text), server_epoch(headers)
    if moment is None:
        return None
    left_s = moment.timestamp() - (now if their_now is None else their_now)
    return min(max(0.0, left_s), LONGEST_WAIT_S)


def asked_at(headers: Mapping[str, str], started: float) -> datetime:
    """A moment on the server's clock not later than its handling of the request.

    Its Date header was true, to the second below, when it answered; what the exchange took since
    `started` (`time.monotonic()`) is subtracted. Without a Date our own clock has to do.
    """
    took = time.monotonic() - started
    their_now = server_epoch(headers)
    base = time.time() if their_now is None else their_now
    return datetime.fromtimestamp(base - took, UTC)
