"""How a page says times: an age under a day, the day when older, moments in full.

Pure: `now` and the moments are arguments. All times here are UTC; `static/js/moments.js` says them
again in the reader's zone by the same rules.
"""

from datetime import UTC, datetime, timedelta

NBSP = "\N{NO-BREAK SPACE}"
DAY = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def span(length: timedelta, *, short: bool = False) -> str:
    """A length of time in at most two units, `short` in one: "4 s", "6 min", "2 h 23 min"."""
    seconds = length.total_seconds()
    if 0 < seconds < 0.95:
        return f"{seconds:.1f}{NBSP}s"
    total = max(0, round(seconds))
    if total < 60:
        return f"{total}{NBSP}s"
    minutes, rest = divmod(total, 60)
    if minutes < 60:
        return f"{minutes}{NBSP}min" + (f" {rest}{NBSP}s" if rest and not short else "")
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}{NBSP}h" + (f" {minutes}{NBSP}min" if minutes and not short else "")
    days, hours = divmod(hours, 24)
    unit = "day" if days == 1 else "days"
    return f"{days}{NBSP}{unit}" + (f" {hours}{NBSP}h" if hours and not short else "")


def age(when: datetime, now: datetime, *, ago: bool = False, short: bool = False) -> str:
    """How old something is: "now", "4 s", "6 min ago", "2 h 23 min"; a day and more: the day."""
    old = now - when
    if old >= DAY:
        return day(when, now)
    if old < timedelta(seconds=1):
        return "now"
    minutes = timedelta(minutes=old // timedelta(minutes=1))
    words = span(minutes or timedelta(seconds=int(old.total_seconds())), short=short)
    return f"{words} ago" if ago else words


def day(when: datetime, now: datetime) -> str:
    """A day and its time: "Mon 10:05" within a week, "12 Nov 06:31", "12 Nov 2025"."""
    when, now = when.astimezone(UTC), now.astimezone(UTC)
    if timedelta(0) <= now - when < 6 * DAY:
        return f"{WEEKDAYS[when.weekday()][:3]} {when:%H:%M}"
    date = f"{when.day}{NBSP}{_month(when)}"
    return f"{date} {when:%H:%M}" if when.year == now.year else f"{date}{NBSP}{when.year}"


def moment(when: datetime, now: datetime) -> str:
    """A moment to compare with logs: "14:30:12" on the day itself, else the day and its time."""
    when, now = when.astimezone(UTC), now.astimezone(UTC)
    return f"{when:%H:%M:%S}" if when.date() == now.date() else day(when, now)


def full(when: datetime) -> str:
    """A moment in full: "24 Nov 2026, 14:30:12 UTC"."""
    when = when.astimezone(UTC)
    return f"{when.day} {_month(when)} {when.year}, {when:%H:%M:%S} UTC"


def logged(when: datetime) -> str:
    """A moment in a long log: "24 Nov 14:30:12"."""
    when = when.astimezone(UTC)
    return f"{when.day}{NBSP}{_month(when)} {when:%H:%M:%S}"


def stopwatch(length: timedelta) -> str:
    """A running length: "5:40", "12:32", "1:02:09"."""
    hours, rest = divmod(max(0, int(length.total_seconds())), 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def date(when: datetime, now: datetime) -> str:
    """A day by its name, for pages that announce: "Tuesday 24 November"."""
    when, now = when.astimezone(UTC), now.astimezone(UTC)
    name = f"{WEEKDAYS[when.weekday()]} {when.day}{NBSP}{MONTHS[when.month - 1]}"
    return name if when.year == now.year else f"{name}{NBSP}{when.year}"


def on_axis(when: datetime) -> str:
    """A day beside a chart: "12 Nov"."""
    when = when.astimezone(UTC)
    return f"{when.day}{NBSP}{_month(when)}"


def _month(when: datetime) -> str:
    return MONTHS[when.month - 1][:3]


def machine(when: datetime) -> str:
    """The `datetime` attribute: `2026-11-24T14:30:12Z`."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def machine_length(length: timedelta) -> str:
    """The `datetime` attribute of a length: `PT338S` (HTML, duration strings)."""
    return f"PT{max(0.0, length.total_seconds()):g}S"
