"""Importing a repository: one transaction, wholly or not at all."""

import os
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from django.core.exceptions import ValidationError
from django.db import transaction

from agentmesh_release.core import audit, live, polls
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll
from agentmesh_release.core.owning import analyse
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.world import is_demo
from flags import targets

from .. import polling
from ..drafting import drafts
from ..history import History, HistoryUnreadable, folders, read_history
from ..history.git import Git
from ..models.commit import Commit
from ..models.draft import Draft
from ..models.environment import Environment
from ..models.project import Project
from ..models.release import Release
from . import connecting, merging, naming, staging, tagged
from .wishes import NOTHING_SAID, Wishes

_IMPORTER = Actor.system("import")
# So many new commits change what the planner should know.
_MANY = 1_000


@dataclass(frozen=True)
class Imported:
    """What an import brought: `commits` and `releases` are all that the project has now, `came`
    the commits that are new; `warnings` and `missing` are sentences."""

    project: Project
    draft: Draft
    is_new: bool
    commits: int
    came: int
    releases: int
    warnings: tuple[str, ...]
    missing: tuple[str, ...]


def import_repository(
    path: str | os.PathLike[str], wishes: Wishes = NOTHING_SAID, *, now: datetime
) -> Imported:
    """Import the repository whose top is at `path`, or bring its project up to date.

    Raises HistoryUnreadable, Refused (`bad_folder`, `bad_slug`, `slug_taken`, `slug_stays`) or, in
    a demo world, ProviderError; then nothing was stored.
    """
    git = Git(path)
    as_it_is = read_history(git.path)  # refuses before anybody is told of it
    with transaction.atomic(), live.one_notice():
        naming.one_at_a_time()
        project = _project(git.path, wishes)
        is_new = project.pk is None
        domain = connecting.connect(project, git.path, git, wishes)
        history = _history(project, git, wishes, as_it_is)
        _save(project, domain)
        merged, warnings = _take_in(project, history, git)
        project.warned = {"tags": [*history.tag_warnings, *warnings]}
        project.warned["history"] = [
            each for each in history.warnings if each not in history.tag_warnings
        ]
        project.save()
        draft = drafts.recompute(project, now)
        imported = Imported(
            project,
            draft,
            is_new,
            commits=project.commits.count(),
            came=merged.came,
            releases=project.releases.count(),
            warnings=tuple(project.warnings),
            missing=tuple(connecting.missing(project)),
        )
        _record(imported, merged)
        _see_to(project)
    if merged.came >= _MANY:
        analyse(Commit, Release)
    return imported


def _project(path: Path, wishes: Wishes) -> Project:
    """The project that was imported from there, locked, or a new one that is not stored yet."""
    kept, folder = naming.kept_path(path), _folder(wishes)
    there = Project.objects.select_for_update(no_key=True).filter(path=kept, folder=folder)
    known = there.first()
    if known is None:
        name = naming.tidy(wishes.name) or naming.name_of(path, folder)
        slug = naming.wanted_slug(wishes.slug) if wishes.slug else naming.free_slug(name)
        return Project(path=kept, folder=folder, name=name, slug=slug)
    if wishes.slug not in ("", known.slug):
        raise Refused(
            "slug_stays",
            f"{kept} is imported as {known.slug}; a slug is in links and in the audit log, so it "
            "stays.",
        )
    known.name = naming.tidy(wishes.name) or known.name
    return known


def _folder(wishes: Wishes) -> str:
    try:
        return folders.tidy(wishes.folder)
    except folders.BadFolder as bad:
        raise Refused("bad_folder", str(bad)) from None


def _history(project: Project, git: Git, wishes: Wishes, as_it_is: History) -> History:
    """The history along the branch that was asked for, else along the one that the project or the
    clone's origin calls its default, where the clone has it, else along what is checked out."""
    if project.pk is None and project.folder and not project.tag_prefix:
        project.tag_prefix = _own_prefix(project.folder, as_it_is)
    if wishes.branch:
        return _along(project, git, wishes.branch)
    settled = project.pk is not None or is_demo()
    preferred = project.default_branch if settled else connecting.trunk_of(git)
    history = _preferred(project, git, preferred, as_it_is)
    if not settled:
        project.default_branch = history.default_branch or project.default_branch
    return history


def _preferred(project: Project, git: Git, branch: str, as_it_is: History) -> History:
    is_whole = not project.tag_prefix and not project.folder
    if branch in ("", as_it_is.default_branch) and is_whole:
        return as_it_is
    try:
        return _along(project, git, branch or None)
    except HistoryUnreadable:
        return _along(project, git, None)


def _along(project: Project, git: Git, branch: str | None) -> History:
    return read_history(
        git.path, branch=branch, tag_prefix=project.tag_prefix, folder=project.folder
    )


def _own_prefix(folder: str, whole: History) -> str:
    """Its tags are its own, so that it has versions beside those of its neighbours."""
    return folders.own_prefix(folder, whole.nearly) or folders.usual_prefix(folder)


def _save(project: Project, domain: str) -> None:
    try:
        project.clean_fields(exclude={name for name, value in vars(project).items() if not value})
    except ValidationError as error:
        field, why = next(iter(error.message_dict.items()))
        raise Refused("bad_value", f"{field.replace('_', ' ').capitalize()}: {why[0]}") from None
    project.save()
    for kind in Environment.Kind:
        project.environments.get_or_create(kind=kind)
    if domain:
        project.environments.filter(kind=Environment.Kind.PRODUCTION).update(domain=domain)


def _take_in(project: Project, history: History, git: Git) -> tuple[merging.Merged, list[str]]:
    line = tagged.line_up(project, history, git)
    history.tags = line.tags
    staging.stage(history, line.numbers)
    moves_head = not _github_is_ahead(project)
    releases = tagged.create(project, line, history)
    merged = merging.merge(project, releases, moves_head=moves_head)
    if moves_head:
        project.trunk_sha = history.head or ""
    staging.clear()
    tagged.follow_up(project, merged.touched)
    return merged, list(line.warnings)


def _github_is_ahead(project: Project) -> bool:
    """Once GitHub has answered, it says what is on trunk, and a clone may lag behind it."""
    answered = Poll.objects.filter(kind="github", scope=project.slug).exclude(last_ok_at=None)
    return answered.exists() and not merging.reaches(project.trunk_sha)


def _record(imported: Imported, merged: merging.Merged) -> None:
    project = imported.project
    audit.record(
        "project.import",
        actor=_IMPORTER,
        subject=f"project:{project.pk}",
        label=project.name,
        scope=project.slug,
        data={
            "path": project.path,
            "new": imported.is_new,
            "commits": imported.commits,
            "came": merged.came,
            "changed": merged.changed,
            "releases": imported.releases,
            "head": project.trunk_sha,
        },
    )
    live.stale(f"project:{project.slug}", "overview")


def _see_to(project: Project) -> None:
    """Have it polled, its switches written, and everything read now; an archived one rests."""
    if project.is_archived:
        return
    polling.ensure(project)
    if project.app_database_url_name:
        targets.ensure(project.slug, "App database", project.app_database_url_name)
    for kind in ("github", "vercel"):
        transaction.on_commit(partial(polls.hurry, kind, project.slug))
