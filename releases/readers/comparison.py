"""What lies between any two releases of a project, told as one changelog."""

from dataclasses import dataclass

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef

from ..changelogs import changes_of, tell
from ..conventional.changelog import Changelog
from ..models.commit import Commit, CommitQuerySet
from ..models.release import Release, ReleaseQuerySet

# Reading so many messages takes about a twentieth of a second.
MOST_TOLD = 500
_MOST_BETWEEN = 30
_MOST_OFFERED = 200


@dataclass(frozen=True)
class Comparison:
    """From `base` to `release`: what that brings, or, where `is_back`, what it takes away.

    `between` are the releases of that way, newest first and no more than thirty, `release_count`
    how many there are. The changelog tells the newest `MOST_TOLD` of `commit_count` commits.
    """

    base: Release
    release: Release
    changelog: Changelog
    commit_count: int
    between: tuple[Release, ...]
    release_count: int

    @property
    def is_back(self) -> bool:
        return self.release.precedence < self.base.precedence

    @property
    def is_same(self) -> bool:
        return self.release.pk == self.base.pk

    @property
    def untold(self) -> int:
        """How many commits the changelog leaves out because there are so many."""
        return max(0, self.commit_count - MOST_TOLD)

    @property
    def more_between(self) -> int:
        return self.release_count - len(self.between)


def compare(base: Release, release: Release) -> Comparison:
    """Compare two releases of one project, either way round."""
    lower, upper = sorted((base, release), key=lambda each: each.precedence)
    commits = commits_between(lower, upper)
    policy = upper.project.policy
    told = tell(
        changes_of(_newest(commits), policy),
        policy,
        tag=upper.tag,
        released_at=upper.released_at,
        previous=lower,
    )
    way = _way(lower, upper)
    between = way if upper.is_prerelease else way.stable()
    shown = between.defer("changelog", "project").order_by("-precedence")[:_MOST_BETWEEN]
    return Comparison(base, release, told, commits.count(), tuple(shown), between.count())


def commits_between(lower: Release, upper: Release) -> CommitQuerySet:
    """What `upper` has and `lower` has not: commits that entered first with a release after
    `lower` and up to `upper`, by version, and that was there when `upper` was released."""
    commits: CommitQuerySet = Commit.objects.filter(release__in=_way(lower, upper).values("pk"))
    return commits


def _newest(commits: CommitQuerySet) -> CommitQuerySet:
    """The newest that are told, as a set that may be ordered again."""
    newest = commits.order_by("-position").values("pk")[:MOST_TOLD]
    told: CommitQuerySet = Commit.objects.filter(pk__in=newest)
    return told


def _way(lower: Release, upper: Release) -> ReleaseQuerySet:
    releases: ReleaseQuerySet = Release.objects.filter(
        project=upper.project_id,
        precedence__gt=lower.precedence,
        precedence__lte=upper.precedence,
        released_at__lte=upper.released_at,
    )
    return releases


def versions_beside() -> ArraySubquery:
    """The highest versions of its project that a release can be compared with; for `annotate`."""
    known = Release.objects.filter(project=OuterRef("project")).exclude(pk=OuterRef("pk"))
    return ArraySubquery(known.order_by("-precedence").values("version")[:_MOST_OFFERED])
