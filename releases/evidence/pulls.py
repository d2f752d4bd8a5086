"""Pull requests against the default branch: the open ones, and what became of those that were."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from agentmesh_release.core import live
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub
from agentmesh_release.providers.github import PullRequest as Seen

from ..models.project import Project
from ..models.pull_request import PullRequest
from . import pull_readings

# Each that vanished from the list costs a call; the rest waits for the next reading.
MOST_ENDED = 20
_SHOWN = (
    *("title", "author", "state", "head_sha", "head_ref", "is_draft", "url", "created_at"),
    *("updated_at", "merged_at", "merge_sha"),
)


def read(project: Project, client: GitHub, now: datetime) -> None:
    """Bring the project's pull requests up to date. Raises ProviderError."""
    opened = {
        seen.number: seen
        for seen in client.pulls.open(project.repository, base=project.default_branch)
    }
    known = PullRequest.objects.filter(project=project)
    vanished = known.filter(state=PullRequest.State.OPEN).exclude(number__in=opened)
    ended = [_ended(project, client, row, now) for row in vanished.order_by("number")[:MOST_ENDED]]
    rows = [_row(project, seen, now) for seen in opened.values()] + ended
    _store(project, rows, now)


def refresh(project: Project, number: int, now: datetime) -> None:
    """Read one pull request, as `read` would, and judge it. Raises ProviderError.

    One that is closed or goes to another branch is of interest only if it was open here.
    """
    row = PullRequest.objects.filter(project=project, number=number).first()
    fresh = _ended(project, project.github(), row or PullRequest(number=number), now)
    if row or fresh.state == PullRequest.State.OPEN:
        _store(project, [fresh], now)
    pull_readings.read_one(project, number, now)


def _ended(project: Project, client: GitHub, row: PullRequest, now: datetime) -> PullRequest:
    """One that is no longer in the list of open ones: merged, closed, moved to another branch."""
    try:
        seen = client.pulls.get(project.repository, row.number)
    except ProviderError as error:
        if error.status != 404:
            raise
        row.state, row.read_at = PullRequest.State.CLOSED, now
        return row
    fresh = _row(project, seen, now)
    if fresh.state == PullRequest.State.OPEN and seen.base_ref != project.default_branch:
        fresh.state = PullRequest.State.CLOSED  # it goes elsewhere now
    return fresh


def _row(project: Project, seen: Seen, now: datetime) -> PullRequest:
    state = PullRequest.State.OPEN
    if seen.merged:
        state = PullRequest.State.MERGED
    elif seen.state != "open":
        state = PullRequest.State.CLOSED
    return PullRequest(
        project=project,
        number=seen.number,
        title=storable(seen.title),
        author=(seen.author_login or "")[:150],
        state=state,
        head_sha=seen.head_sha,
        head_ref=storable(seen.head_ref)[:250],
        is_draft=seen.draft,
        updated_at=seen.updated_at,
        merged_at=seen.merged_at,
        merge_sha=(seen.merge_commit_sha or "") if seen.merged else "",
        url=seen.html_url[:500],
        created_at=seen.created_at,
        read_at=now,
    )


def _store(project: Project, rows: Iterable[PullRequest], now: datetime) -> None:
    """Write what changed; what did not is only read again."""
    by_number = {row.number: row for row in rows}
    with transaction.atomic():
        known = PullRequest.objects.filter(project=project, number__in=by_number)
        before = {row.number: _shown(row) for row in known}
        changed = [row for row in by_number.values() if before.get(row.number) != _shown(row)]
        same = by_number.keys() - {row.number for row in changed}
        PullRequest.objects.filter(project=project, number__in=same).update(read_at=now)
        if not changed:
            return
        PullRequest.objects.bulk_create(
            sorted(changed, key=lambda row: row.number),
            update_conflicts=True,
            unique_fields=["project", "number"],
            update_fields=[*_SHOWN, "read_at"],
        )
        live.stale(f"project:{project.slug}", "overview")


def _shown(row: PullRequest) -> tuple[object, ...]:
    return tuple(getattr(row, name) for name in _SHOWN)
