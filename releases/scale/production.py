"""What became of the releases of one project: promotions, what was live when, rollbacks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from .plan import Plan
from .trunk import Made, Place

_PROMOTED, _FAILED, _ROLLED_BACK = 0.85, 0.03, 0.06
_LEAST = timedelta(minutes=30)


@dataclass(frozen=True)
class Promoted:
    """A promotion of `release`, asked for at `asked_at` and carried out at `at`; `live_at` is None
    where it failed."""

    release: Made
    asked_at: datetime
    at: datetime
    live_at: datetime | None


@dataclass(frozen=True)
class WentBack:
    """A rollback from one release to another."""

    bad: Made
    to: Made
    at: datetime


@dataclass(frozen=True)
class Lived:
    """A release being live, from when to when."""

    release: Made
    origin: str
    since: datetime
    until: datetime | None


@dataclass(frozen=True)
class Course:
    """All that happened in one project's production, in order."""

    place: Place
    promoted: tuple[Promoted, ...]
    went_back: tuple[WentBack, ...]
    lived: tuple[Lived, ...]
    waiting: Made | None


def course(plan: Plan, place: Place, releases: Sequence[Made]) -> Course:
    """Walk through the stable releases of a project, the oldest first."""
    dice = plan.chance(place.size.number, "production")
    promoted: list[Promoted] = []
    went_back: list[WentBack] = []
    changes: list[tuple[Made, str, datetime]] = []
    last = place.size.begins
    for release in releases:
        if release.cut.is_prerelease or dice.random() > _PROMOTED:
            continue
        at = max(release.at + _lag(dice), last + _LEAST)
        if at > plan.now:
            break
        did_fail = dice.random() < _FAILED
        promoted.append(Promoted(release, release.at, at, None if did_fail else at))
        if did_fail:
            continue
        before = changes[-1][0] if changes else None
        changes.append((release, "promotion", at))
        last = at
        if before and dice.random() < _ROLLED_BACK:
            last = min(at + timedelta(minutes=dice.uniform(4, 90)), plan.now)
            went_back.append(WentBack(release, before, last))
            changes.append((before, "rollback", last))
    newest = releases[-1] if releases else None
    is_done = any(each.release is newest for each in promoted)
    waiting = newest if newest and not is_done and not newest.cut.is_prerelease else None
    return Course(place, tuple(promoted), tuple(went_back), tuple(_lived(changes)), waiting)


def _lag(dice: Random) -> timedelta:
    """From cut to live: hours mostly, now and then days."""
    return timedelta(hours=min(dice.lognormvariate(0.7, 1.1), 200))


def _lived(changes: Sequence[tuple[Made, str, datetime]]) -> Iterator[Lived]:
    ends: list[datetime | None] = [at for _, _, at in changes[1:]]
    for (release, origin, since), until in zip(changes, [*ends, None], strict=True):
        yield Lived(release, origin, since, until)
