"""The figures of a period: two queries, bounded by what was deployed in it and the one before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from .lead_times import quantile
from .periods import WEEK, Period

# What was delivered in the period and the one before. Weeks are counted back from the end.
_DELIVERED = """
    SELECT *, at > %(start)s AS is_now,
        floor(extract(epoch FROM %(end)s - at) / %(week_s)s)::smallint AS weeks_ago
    FROM releases_delivery
    WHERE at > %(before)s AND at <= %(end)s
    AND (%(projects)s::bigint[] IS NULL OR project_id = ANY (%(projects)s))
"""
_COUNTS = f"""
    SELECT is_now, weeks_ago, project_id,
        count(*), count(*) FILTER (WHERE kind = 'change'), count(*) FILTER (WHERE failed_by <> ''),
        count(*) FILTER (WHERE rework <> ''),
        count(*) FILTER (WHERE failed_by <> '' AND restored_at IS NULL),
        percentile_cont(0.5) WITHIN GROUP (
            ORDER BY extract(epoch FROM restored_at - broken_at)
        ) FILTER (WHERE restored_at IS NOT NULL)
    FROM ({_DELIVERED}) AS delivered
    GROUP BY GROUPING SETS ((is_now), (is_now, weeks_ago), (is_now, project_id))
"""  # noqa: S608 (our own words alone)
# Three small hashes are quicker than grouping sets, which sort.
_LEADS = f"""
    WITH lead AS MATERIALIZED (
        SELECT is_now, weeks_ago, project_id, bucket, landed
        FROM ({_DELIVERED}) AS delivered
        CROSS JOIN unnest(lead_buckets, lead_counts) AS of_it (bucket, landed)
    )
    SELECT is_now, NULL::smallint, NULL::bigint, bucket, sum(landed) FROM lead
    GROUP BY is_now, bucket
    UNION ALL
    SELECT TRUE, weeks_ago, NULL, bucket, sum(landed) FROM lead WHERE is_now
    GROUP BY weeks_ago, bucket
    UNION ALL
    SELECT TRUE, NULL, project_id, bucket, sum(landed) FROM lead WHERE is_now
    GROUP BY project_id, bucket
"""  # noqa: S608 (our own words alone)


class Group(NamedTuple):
    """Whether it is of the period or of the one before, and of which week or project."""

    is_now: bool
    weeks_ago: int | None
    project: int | None


NOW, BEFORE = Group(True, None, None), Group(False, None, None)


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
        return self.deployments / self.days * 7 if self.days else None

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
        they reach: those of the period itself are said of the days that are known."""
        start, end = self._ends(group)
        if known_since is None or known_since >= end:
            return None
        if known_since > start and not (group.is_now and group.weeks_ago is None):
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
    values = {
        "before": period.before,
        "start": period.start,
        "end": period.end,
        "week_s": WEEK.total_seconds(),
        "projects": None if projects is None else list(projects),
    }
    leads: dict[Group, dict[int, int]] = defaultdict(dict)
    for is_now, week, project, bucket, count in _asked(_LEADS, values):
        leads[Group(is_now, week, project)][bucket] = int(count)
    groups = {}
    for is_now, week, project, *counts in _asked(_COUNTS, values):
        group = Group(is_now, week, project)
        groups[group] = replace(Figures(*counts), leads=leads[group])
    return Told(period, groups)


def _asked(question: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        return list(cursor.fetchall())
