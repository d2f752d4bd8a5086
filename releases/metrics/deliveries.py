"""Deriving deliveries from what was live when, and keeping them right.

Idempotent: what is derived twice is the same, so events may come late, twice or out of order.
"""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise

from django.db import connection, transaction
from django.db.models import Max, QuerySet
from django.utils.dateparse import parse_datetime

from agentmesh_release.core.events import on
from agentmesh_release.core.models import Event

from ..models.activation import Activation
from ..models.delivery import Delivery
from ..models.environment import Environment
from ..models.project import Project
from .failures import SUSPECT, failures_of
from .judging import NO_DEPLOYMENT, judge
from .lead_times import RATIO

_AT_ONCE = 500
_DERIVED = [
    field.name for field in Delivery._meta.concrete_fields if field.name not in ("activation",)
]
# What a release brings to production: the commits of the releases above all that ran before, up to
# itself. Without one before, only its own are known to have come with it.
_LEAD_TIMES = """
    SELECT floor(ln(greatest(extract(epoch FROM %(at)s - landed.committed_at), 1)) / ln(%(ratio)s)),
           count(*)
    FROM releases_commit AS landed
    JOIN releases_release AS brought ON brought.id = landed.release_id
    WHERE brought.project_id = %(project)s
    AND brought.precedence <= %(upto)s
    AND brought.precedence > coalesce(%(above)s, '')
    AND (brought.id = %(release)s OR %(above)s IS NOT NULL)
    AND NOT landed.is_merge
    GROUP BY 1 ORDER BY 1
"""


@on("production.changed")
def follow(event: Event) -> None:
    """What went live, and what that makes of the one before it."""
    project = Project.objects.filter(slug=event.payload["scope"]).first()
    at = parse_datetime(event.payload["at"])
    if project and at:
        before = _lives(project).filter(since__lt=at).order_by("-since").first()
        refresh(project, before.since if before else at)


def refresh(project: Project, since: datetime | None = None) -> int:
    """Derive the project's deliveries since then, or all; answers how many there are."""
    with transaction.atomic():
        # One at a time, so that nobody writes what he derived from an older look.
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        fresh = list(_derived(project, since))
        Delivery.objects.bulk_create(
            fresh, _AT_ONCE, update_conflicts=True, unique_fields=["activation"],
            update_fields=_DERIVED,
        )  # fmt: skip
    return len(fresh)


def _derived(project: Project, since: datetime | None) -> Iterator[Delivery]:
    lives = list(_lives(project, since))
    if not lives:
        return
    first = lives[0].since
    earlier = _lives(project).filter(since__lt=first).order_by("-since").first()
    highest = _lives(project).filter(since__lt=first).aggregate(top=Max("release__precedence"))
    failures = failures_of(project, first - SUSPECT)
    above: str | None = highest["top"]
    for before, activation, after in _with_neighbours(earlier, lives):
        if activation.origin != NO_DEPLOYMENT:
            judged = judge(activation, before, after, failures)
            leads = _lead_times(project, activation, above)
            yield Delivery(
                activation=activation,
                project=project,
                at=activation.since,
                commits=sum(count for _, count in leads),
                lead_buckets=[bucket for bucket, _ in leads],
                lead_counts=[count for _, count in leads],
                **asdict(judged),
            )
        if activation.release:
            above = max(above or "", activation.release.precedence)


def _lives(project: Project, since: datetime | None = None) -> QuerySet[Activation]:
    """What was live in the project's production, the earliest first."""
    lives = Activation.objects.filter(
        environment__project=project, environment__kind=Environment.Kind.PRODUCTION
    )
    if since:
        lives = lives.filter(since__gte=since)
    return lives.select_related("release").defer("release__changelog").order_by("since", "pk")


Neighbours = tuple[Activation | None, Activation, Activation | None]


def _with_neighbours(
    earlier: Activation | None, lives: Sequence[Activation]
) -> Iterator[Neighbours]:
    """Each with the one before and the one after it."""
    before = earlier
    for activation, after in pairwise([*lives, None]):
        assert activation is not None  # noqa: S101 (only the last one is None)
        yield before, activation, after
        before = activation


def _lead_times(
    project: Project, activation: Activation, above: str | None
) -> list[tuple[int, int]]:
    """Buckets and how many commits are in each; nothing for what brings no known commit."""
    release = activation.release
    if release is None or activation.origin == Activation.Origin.ROLLBACK:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            _LEAD_TIMES,
            {
                "at": activation.since,
                "ratio": RATIO,
                "project": project.pk,
                "release": release.pk,
                "upto": release.precedence,
                "above": above,
            },
        )
        return [(int(bucket), count) for bucket, count in cursor.fetchall()]
