"""What is on the default branch at GitHub: its commits, version tags and open pull requests.

Everything is asked before anything is written, so a reading that breaks off changes nothing. Two
readings at once do no harm: the project's row is locked for writing, and who comes second finds
that the trunk is no longer where it looked and leaves the rest to the next reading.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction

from agentmesh_release.core import live, polls
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Commit, GitHub

from .. import trunk_rows
from ..drafting import drafts
from ..models.project import Project
from . import pulls, tags
from .folder import touching


@dataclass(frozen=True)
class Moved:
    """How the head moved: commits of the project that came in (parents before children), and ids
    that are gone from the default branch (None: all that are not among `came`). `shas` are all that
    came, also those that do not touch the project's folder."""

    head: str
    came: Sequence[Commit] = ()
    gone: frozenset[str] | None = frozenset()
    shas: frozenset[str] = frozenset()


def read(project: Project, now: datetime) -> None:
    """Read trunk, tags and pull requests. Raises ProviderError.

    The draft is computed again only when the head moved or a tag came.
    """
    client = project.github()
    moved = moved_since(client, project)
    pulls.read(project, client, now)
    found = tags.look(project, client, moved.head)
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if locked.trunk_sha != project.trunk_sha:
            return
        if moved.head != locked.trunk_sha:
            _store(locked, moved)
        if tags.store(locked, found) or moved.head != project.trunk_sha:
            drafts.recompute(locked, now)
    project.trunk_sha = moved.head


def moved_since(client: GitHub, project: Project) -> Moved:
    """What happened on the default branch since the head that we know. Raises ProviderError."""
    repo, known = project.repository, project.trunk_sha
    try:
        head = client.repositories.branch(repo, project.default_branch).sha
    except ProviderError as error:
        if error.status == 404 and not known:
            return Moved("")  # nothing has been pushed yet
        raise
    if head == known:
        return Moved(head)
    if not known:
        return _everything(client, project, head)
    try:
        ahead = client.commits.between(repo, known, head)
        gone = client.commits.between(repo, head, known).commits if ahead.behind_by else ()
    except ProviderError as error:
        if error.status != 404:
            raise
        return _everything(client, project, head)  # GitHub no longer has what we know
    came = touching(client, project, ahead.commits, head)
    return Moved(head, came, _ids(gone), _ids(ahead.commits))


def _everything(client: GitHub, project: Project, head: str) -> Moved:
    path = project.folder or None
    came = tuple(client.commits.on_branch(project.repository, head, path=path))[::-1]
    return Moved(head, came, None, _ids(came))


def _ids(commits: Iterable[Commit]) -> frozenset[str]:
    return frozenset(commit.sha for commit in commits)


def _store(project: Project, moved: Moved) -> None:
    if moved.gone is None:
        trunk_rows.keep_on_head(project, moved.shas)
    else:
        trunk_rows.take_off_head(project, moved.gone)
        trunk_rows.place_releases(project, came=moved.shas, gone=moved.gone)
    trunk_rows.add(project, moved.came, is_on_head=True)
    project.trunk_sha = moved.head
    project.save(update_fields=["trunk_sha"])
    live.stale(f"project:{project.slug}", "overview")
    for kind in ("vercel", "app-database"):  # whether the new head may be cut is asked at once
        transaction.on_commit(partial(polls.hurry, kind, project.slug))
