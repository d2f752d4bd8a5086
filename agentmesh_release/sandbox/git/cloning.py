"""How a repository on disk becomes the sandbox's own bare clone. The source is only ever read."""

import shutil
from pathlib import Path

from .environment import Git, GitFailed


class NotARepository(Exception):
    """The path cannot be cloned; the text is a sentence for a person."""


def clone(git: Git, source: Path, target: Path) -> None:
    """Make `target` a bare clone of `source`. Raises NotARepository; leaves nothing half-made."""
    if not source.is_absolute() or not source.is_dir():
        raise NotARepository(f"{source} is not a directory with an absolute path.")
    target.parent.mkdir(parents=True, exist_ok=True)
    fresh = target.with_suffix(".new")
    shutil.rmtree(fresh, ignore_errors=True)
    try:
        # Without hard links: not even the link counts of the source's files change.
        git.run(
            "clone", "--bare", "--quiet", "--no-hardlinks", "--template=", str(source), str(fresh)
        )
        _add_default_branch(git, source, fresh)
        git.run("commit-graph", "write", "--reachable", cwd=fresh)
    except GitFailed as error:
        shutil.rmtree(fresh, ignore_errors=True)
        raise NotARepository(f"git cannot clone {source}: {error}") from error
    fresh.rename(target)


def _add_default_branch(git: Git, source: Path, target: Path) -> None:
    """A detached HEAD has no branch: what it points at becomes `main`, unless there is one."""
    heads = git.run("for-each-ref", "--count=1", "refs/heads", cwd=target)
    if heads:
        return
    try:
        sha = git.run("rev-parse", "--verify", "--quiet", "HEAD^{commit}", cwd=source)
    except GitFailed:
        return
    git.run("fetch", "--quiet", str(source), "+HEAD:refs/heads/main", cwd=target)
    git.run("update-ref", "refs/heads/main", sha.decode().strip(), cwd=target)


def default_branch(git: Git, source: Path, target: Path) -> str | None:
    """The branch that stands for trunk: origin's, else the checked out one, else main or master."""
    named = [
        _symbolic(git, source, "refs/remotes/origin/HEAD").removeprefix("refs/remotes/origin/"),
        _symbolic(git, source, "HEAD").removeprefix("refs/heads/"),
        "main",
        "master",
    ]
    have = git.run("for-each-ref", "--format=%(refname:lstrip=2)", "refs/heads", cwd=target)
    branches = have.decode(errors="replace").split()
    for name in named:
        if name in branches:
            return name
    return branches[0] if branches else None


def _symbolic(git: Git, directory: Path, ref: str) -> str:
    try:
        return git.run("symbolic-ref", "--quiet", ref, cwd=directory).decode().strip()
    except (GitFailed, UnicodeDecodeError):
        return ""


def fetch(git: Git, source: Path, target: Path) -> None:
    """Bring the source's branches and tags into `refs/source/`. Raises NotARepository."""
    try:
        git.run(
            "fetch",
            "--quiet",
            "--prune",
            "--no-tags",
            "--update-shallow",
            str(source),
            "+refs/heads/*:refs/source/heads/*",
            "+refs/tags/*:refs/source/tags/*",
            cwd=target,
        )
    except GitFailed as error:
        raise NotARepository(f"git cannot fetch from {source}: {error}") from error
