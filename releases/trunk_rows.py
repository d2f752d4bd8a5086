"""The rows of commits that GitHub tells about: adding them, and which are on the default branch."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from django.db.models import Max

from agentmesh_release.core.text import storable
from agentmesh_release.providers import github

from .commits import landed
from .history.gitlog import MESSAGE_LIMIT
from .models.commit import Commit
from .models.project import Project
from .models.release import Release

_AT_ONCE = 1_000
_NO_TIME = datetime(1970, 1, 1, tzinfo=UTC)


def add(project: Project, commits: Sequence[github.Commit], *, is_on_head: bool) -> None:
    """Add those that are new, parents before children, above all that are there.

    Those that are known already come onto the default branch if `is_on_head`. The project's row is
    locked by the caller, so that positions are given once.
    """
    for start in range(0, len(commits), _AT_ONCE):
        some = commits[start : start + _AT_ONCE]
        known = Commit.objects.filter(project=project, sha__in=[each.sha for each in some])
        if is_on_head:
            known.filter(is_on_head=False).update(is_on_head=True)
        there = set(known.values_list("sha", flat=True))
        fresh = [each for each in some if each.sha not in there]
        _insert(project, fresh, is_on_head)


def take_off_head(project: Project, shas: Collection[str]) -> None:
    """These are gone from the default branch; what was released stays released."""
    Commit.objects.filter(project=project, sha__in=list(shas)).update(is_on_head=False)


def keep_on_head(project: Project, shas: Collection[str]) -> None:
    """Only these are on the default branch."""
    gone = Commit.objects.filter(project=project, is_on_head=True).exclude(sha__in=list(shas))
    gone.update(is_on_head=False)


def place_releases(project: Project, *, came: Collection[str], gone: Collection[str]) -> None:
    """Say of the releases at these commits whether the default branch has them."""
    releases = Release.objects.filter(project=project)
    releases.filter(is_on_trunk=True, commit_sha__in=list(gone)).update(is_on_trunk=False)
    releases.filter(is_on_trunk=False, commit_sha__in=list(came)).update(is_on_trunk=True)


def _insert(project: Project, commits: Sequence[github.Commit], is_on_head: bool) -> None:
    if not commits:
        return
    present = Commit.objects.filter(project=project)
    above = present.aggregate(top=Max("position"))["top"] or 0
    Commit.objects.bulk_create(
        _row(project, commit, above + step, is_on_head)
        for step, commit in enumerate(commits, start=1)
    )


def _row(project: Project, commit: github.Commit, position: int, is_on_head: bool) -> Commit:
    row = landed(
        commit.sha,
        storable(commit.message[:MESSAGE_LIMIT]),
        author_name=storable(commit.author_name),
        committed_at=commit.committed_at or commit.authored_at or _NO_TIME,
        is_merge=len(commit.parents) > 1,
    )
    return Commit(
        project=project,
        position=position,
        is_on_head=is_on_head,
        **{name: getattr(row, name) for name in row.__slots__},
    )
