"""The figures of a period: one query, bounded by what was deployed in it and the one before."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from statistics import median
from typing import NamedTuple

from ..models.delivery import Delivery
from .lead_times import quantile
from .periods import WEEK, Period


class Group(NamedTuple):
    """Whether it is of the period or of the one before, and of which week or project."""

    is_now: bool
    weeks_ago: int | None
    project: int | None


NOW, BEFORE = Group(True, None, None), Group(False, None, None)


class _Row(NamedTuple):
    """What of a delivery is counted."""

    project: int
    at: datetime
    kind: str
    rework: str
    broken_at: datetime | None
    restored_at: datetime | None
    lead_buckets: list[int]
    lead_counts: list[int]


@dataclass(frozen=True)
class Figures:
    """What was delivered; `days` is how many of the period's days production is known for.

    A ratio of nothing, or a length of nothing, is None: unknown is never zero.
    """

    deployments: int = 0
    changes: int = 0
    failed: int = 0
    rework: int = 0
    unrestored: int = 0
    restore_s: float | None = None
    leads: Mapping[int, int] = field(default_factory=dict)
    days: float = 0.0

    @property
    def per_week(self) -> float | None:
        """None of less than a week: one deployment in an hour is no 168 a week."""
        return self.deployments / self.days * 7 if self.days >= WEEK.days else None

    @property
    def lead_s(self) -> float | None:
        return quantile(self.leads, 0.5)

    @property
    def lead_p90_s(self) -> float | None:
        return quantile(self.leads, 0.9)

    @property
    def failure_rate(self) -> float | None:
        """Percent of changes that failed."""
        return 100 * self.failed / self.changes if self.changes else None

    @property
    def rework_rate(self) -> float | None:
        """Percent of deployments that were not planned."""
        return 100 * self.rework / self.deployments if self.deployments else None

    @property
    def commits(self) -> int:
        return sum(self.leads.values())


NOTHING = Figures()


@dataclass(frozen=True)
class Told:
    """The figures of a period by group."""

    period: Period
    groups: Mapping[Group, Figures]

    def of(self, group: Group, known_since: datetime | None) -> Figures | None:
        """The figures of a group; None where production was not known throughout, as far back as
        they reach. Those of the period itself are said of the days that are known, and so are
        those of the week in which knowing began, if anything was delivered in it."""
        start, end = self._ends(group)
        if known_since is None or known_since >= end:
            return None
        is_whole_period = group.is_now and group.weeks_ago is None
        is_begun_week = group.weeks_ago is not None and group in self.groups
        if known_since > start and not (is_whole_period or is_begun_week):
            return None
        known = (end - max(start, known_since)).total_seconds() / 86_400
        return replace(self.groups.get(group, NOTHING), days=known)

    def _ends(self, group: Group) -> tuple[datetime, datetime]:
        period = self.period
        if group.weeks_ago is not None:
            end = period.end - WEEK * group.weeks_ago
            return end - WEEK, end
        return (period.start, period.end) if group.is_now else (period.before, period.start)


def figures_of(period: Period, projects: Sequence[int] | None = None) -> Told:
    """Count what was delivered, of these projects (their ids) or of all."""
    delivered = Delivery.objects.filter(at__gt=period.before, at__lte=period.end)
    if projects is not None:
        delivered = delivered.filter(project__in=projects)
    tallies: dict[Group, _Tally] = defaultdict(_Tally)
    for each in map(_Row._make, delivered.order_by().values_list(*_Row._fields)):
        for group in _groups(each, period):
            tallies[group].add(each)
    for group, tally in list(tallies.items()):
        if group.project is not None:
            tallies[NOW].take(tally)
    return Told(period, {group: tally.figures() for group, tally in tallies.items()})


def _groups(each: _Row, period: Period) -> Iterator[Group]:
    """What it counts for: the period before, or its week and its project, which together are the
    present period."""
    if each.at <= period.start:
        yield BEFORE
        return
    yield Group(True, (period.end - each.at) // WEEK, None)
    yield Group(True, None, each.project)


class _Tally:
    """Figures while they are counted."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.restored_s: list[float] = []
        self.leads: dict[int, int] = defaultdict(int)

    def add(self, each: _Row) -> None:
        self.counts["deployments"] += 1
        self.counts["changes"] += each.kind == Delivery.Kind.CHANGE
        self.counts["rework"] += bool(each.rework)
        if each.broken_at:
            self._add_failure(each.broken_at, each.restored_at)
        for bucket, landed in zip(each.lead_buckets, each.lead_counts, strict=True):
            self.leads[bucket] += landed

    def _add_failure(self, broken_at: datetime, restored_at: datetime | None) -> None:
        self.counts["failed"] += 1
        if restored_at is None:
            self.counts["unrestored"] += 1
        else:
            self.restored_s.append((restored_at - broken_at).total_seconds())

    def take(self, other: "_Tally") -> None:
        """Add what another one has counted."""
        self.counts += other.counts
        self.restored_s += other.restored_s
        for bucket, landed in other.leads.items():
            self.leads[bucket] += landed

    def figures(self) -> Figures:
        restore_s = median(self.restored_s) if self.restored_s else None
        return Figures(**self.counts, restore_s=restore_s, leads=self.leads)
