"""What became of a release after it went out: rolled back, or switched off while it was live.

It stands at the changelog, since what that promises may not hold any more.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, OuterRef, Q

from flags.catalogue import WORDINGS
from flags.models import Flip

from ..models.activation import Activation
from ..models.environment import Environment
from ..models.release import Release
from ..models.rollback import Rollback
from ..rows import as_rows, moments

MOST = 40


@dataclass(frozen=True)
class Event:
    """One thing that happened to it: `state` and `word` for the mark, by whom, and why."""

    at: datetime
    state: str
    word: str
    by: str
    because: str
    to: str = ""


def rollbacks() -> ArraySubquery:
    """To annotate releases with: how they were rolled back."""
    gone_back = (Rollback.State.RUNNING, Rollback.State.DONE)
    away = Rollback.objects.filter(bad_release=OuterRef("pk"), state__in=gone_back)
    return as_rows(
        away.order_by("-id")[:MOST],
        "state",
        "reason",
        at=F("requested_at"),
        by=F("requested_by"),
        to=F("release__tag"),
    )


def flips() -> ArraySubquery:
    """To annotate releases with: which switches were flipped while they were live."""
    was_live = Activation.objects.filter(
        Q(until=None) | Q(until__gte=OuterRef("at")),
        release=OuterRef(OuterRef("pk")),
        environment__kind=Environment.Kind.PRODUCTION,
        since__lte=OuterRef("at"),
    )
    flipped = Flip.objects.filter(Exists(was_live), act__in=[Flip.Act.OFF, Flip.Act.ON])
    return as_rows(
        flipped.order_by("-id")[:MOST], "act", "at", "by", "reason", key=F("switch__key")
    )


def of(release: Release) -> list[Event]:
    """What became of a release that was annotated with `rollback_rows` and `flip_rows`, newest
    first."""
    found: Any = release
    events = [
        *map(_rolled_back, moments(found.rollback_rows)),
        *map(_flipped, moments(found.flip_rows)),
    ]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _rolled_back(row: dict[str, Any]) -> Event:
    is_running = row["state"] == Rollback.State.RUNNING
    state, word = ("running", "Rolling back") if is_running else ("rolled-back", "Rolled back")
    return Event(row["at"], state, word, row["by"], row["reason"], row["to"])


def _flipped(row: dict[str, Any]) -> Event:
    is_off = row["act"] == Flip.Act.OFF
    position = WORDINGS[row["key"]].position(is_off=is_off)
    again = "" if is_off else " again"
    return Event(row["at"], position.state, f"{position.label}{again}", row["by"], row["reason"])
