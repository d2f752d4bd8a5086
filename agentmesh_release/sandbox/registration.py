"""A repository on disk becomes a project of every vendor."""

import re
import shutil
import threading
from pathlib import Path

from . import appdatabase, clock, seeding, trunk
from . import project as projects
from .git import cloning, writing
from .git.cloning import NotARepository
from .git.environment import GitFailed
from .git.repository import Repository
from .github import pullrequests
from .journal import Cause
from .project import Project, change
from .sandbox import Sandbox
from .vercel import deployments
from .wire import Json

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_one_at_a_time = threading.Lock()


def register(
    sandbox: Sandbox, path: str, name: str, cause: Cause, *, fetch: bool = False
) -> tuple[Json, bool]:
    """Register `path` under `name`; the same name again changes nothing (or fetches).

    Returns the answer and whether it is new. Raises NotARepository with a sentence.
    """
    if not NAME.fullmatch(name) or name.endswith((".git", ".")):
        raise NotARepository(
            f"{name} is not a repository name: letters, digits, dot, dash, underscore."
        )
    with _one_at_a_time:
        known = projects.named(sandbox, name)
        if known is None:
            return describe(sandbox, _add(sandbox, Path(path), name, cause)), True
        if known.path != path:
            raise NotARepository(f"{name} is already the repository at {known.path}.")
        if fetch:
            _fetch(sandbox, known, cause)
        return describe(sandbox, known), False


def refresh(sandbox: Sandbox, owner: Project, cause: Cause) -> Json:
    """Fetch from the path again. Raises NotARepository."""
    with _one_at_a_time:
        _fetch(sandbox, owner, cause)
        return describe(sandbox, owner)


def _add(sandbox: Sandbox, path: Path, name: str, cause: Cause) -> Project:
    place = sandbox.repositories.place(name)
    # A clone without a row is what a kill in the middle left.
    shutil.rmtree(place, ignore_errors=True)
    cloning.clone(sandbox.git, path, place)
    branch = cloning.default_branch(sandbox.git, path, place)
    with sandbox.store.transaction():
        sandbox.store.write(
            "insert into projects (name, path, default_branch, domain, created_at)"
            " values (?, ?, ?, ?, ?)",
            name,
            str(path),
            branch,
            f"{name.lower()}.example.com",
            clock.now_ms(),
        )
        owner = projects.named(sandbox, name)
        assert owner is not None  # noqa: S101
        seeding.seed(sandbox, owner)
        sandbox.journal.add("sandbox", "repository_registered", name, cause)
    appdatabase.seed(sandbox)
    threading.Thread(target=_warm, args=(sandbox, owner), daemon=True).start()
    return owner


def _warm(sandbox: Sandbox, owner: Project) -> None:
    """Read once what the first questions will be about: the trunk's commits and pull requests."""
    head = owner.head(sandbox)
    if head is not None:
        owner.repository(sandbox).history.ids(head)
        pullrequests.landings(sandbox, owner)


def _fetch(sandbox: Sandbox, owner: Project, cause: Cause) -> None:
    """The source's news: new tags and branches come in, the default branch goes on or is merged."""
    repository = owner.repository(sandbox)
    with repository.writing:
        cloning.fetch(sandbox.git, Path(owner.path), repository.directory)
        changed = _take_over(owner, repository)
    if owner.default_branch is None:
        branch = cloning.default_branch(sandbox.git, Path(owner.path), repository.directory)
        change(sandbox, owner, default_branch=branch)
    with sandbox.store.transaction():
        if changed:
            sandbox.journal.add("sandbox", "repository_refreshed", owner.name, cause, refs=changed)
        fresh = projects.named(sandbox, owner.name)
        assert fresh is not None  # noqa: S101
        if deployments.of(sandbox, fresh):
            trunk.catch_up(sandbox, fresh, cause)
        else:
            seeding.seed(sandbox, fresh)


def _take_over(owner: Project, repository: Repository) -> list[str]:
    """Move each ref to where the source has it; returns the names of those that moved."""
    output = repository.git.run(
        "for-each-ref", "--format=%(objectname) %(refname)", "refs/source", cwd=repository.directory
    )
    repository.reread()
    moved = []
    for line in output.decode(errors="replace").splitlines():
        theirs, _, source = line.partition(" ")
        name = source.replace("refs/source/", "refs/", 1)
        ours = repository.refs.get(name)
        if ours is not None and ours.object_id == theirs:
            continue
        target = theirs
        if ours is not None and name.startswith("refs/heads/"):
            target = _joined(repository, ours.commit, theirs)
        if ours is None or target != ours.object_id:
            try:
                writing.move_ref(repository, name, target)
            except GitFailed:
                continue
            moved.append(name)
    return moved


def _joined(repository: Repository, ours: str, theirs: str) -> str:
    """The newer of two heads; where both went on, a merge of them."""
    common = repository.merge_base(ours, theirs)
    if common == ours:
        return theirs
    if common == theirs:
        return ours
    tree = writing.merge_tree(repository, ours, theirs)
    output = repository.git.run(
        "commit-tree",
        tree,
        "-p",
        ours,
        "-p",
        theirs,
        "-m",
        "chore: take over what the source repository brought",
        cwd=repository.directory,
    )
    return output.decode().strip()


def describe(sandbox: Sandbox, owner: Project) -> Json:
    """What the caller of a registration gets."""
    live = deployments.live(sandbox, owner)
    repository = owner.repository(sandbox)
    tags = [
        ref.short
        for name, ref in repository.refs.items()
        if live and name.startswith("refs/tags/") and ref.commit == live.sha
    ]
    versions = [tag for tag in tags if seeding.VERSION.match(tag)]
    return {
        "repository": owner.full_name,
        "vercel_project_id": owner.vercel_id,
        "vercel_project_name": owner.name,
        "supabase_ref": owner.supabase_ref,
        "default_branch": owner.default_branch,
        "production_domain": owner.domain,
        "prometheus_job": owner.name,
        "head": owner.head(sandbox),
        "live": {"deployment": live.id, "sha": live.sha, "tag": next(iter(versions), None)}
        if live
        else None,
    }
