"""What a project's production looks like on the first day: live, candidates, staged builds."""

import re
from dataclasses import dataclass

from . import clock, ids
from .git.repository import Repository
from .project import Project
from .sandbox import Sandbox
from .vercel import deployments, production
from .vercel.deployments import PRODUCTION, Deployment

VERSION = re.compile(
    r"^v?(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$"
)
CANDIDATES = 5
STAGED = 10
UNTAGGED_BACK = 8
MINUTE_MS = 60_000


@dataclass(frozen=True)
class Tagged:
    """A semantic version tag and its commit."""

    name: str
    sha: str
    order: tuple[object, ...]


def tagged(repository: Repository, head: str) -> list[Tagged]:
    """The releases below `head`, newest version first, one a commit; prereleases only alone."""
    output = repository.git.run(
        "for-each-ref",
        f"--merged={head}",
        "--format=%(refname)",
        "refs/tags",
        cwd=repository.directory,
    )
    found: dict[str, Tagged] = {}
    for name in output.decode(errors="replace").split("\n"):
        ref = repository.refs.get(name)
        version = VERSION.match(ref.short) if ref else None
        if ref is None or version is None or not ref.commit:
            continue
        one = Tagged(ref.short, ref.commit, _precedence(version))
        if one.sha not in found or found[one.sha].order < one.order:
            found[one.sha] = one
    ordered = sorted(found.values(), key=lambda one: one.order, reverse=True)
    return [one for one in ordered if one.order[3]] or ordered


def _precedence(version: re.Match[str]) -> tuple[object, ...]:
    """Semantic Versioning 2.0.0, point 11: numbers, then a prerelease before its release."""
    pre = (version[4] or "").removeprefix("-")
    parts = tuple(
        (0, int(part), "") if part.isdigit() else (1, 0, part) for part in pre.split(".") if part
    )
    return (int(version[1]), int(version[2]), int(version[3]), not pre, parts)


def seed(sandbox: Sandbox, project: Project) -> None:
    """Give a fresh project its builds; nothing in an empty repository."""
    repository, head = project.repository(sandbox), project.head(sandbox)
    if head is None:
        return
    releases = tagged(repository, head)
    if releases:
        served = [one.sha for one in reversed(releases[: CANDIDATES + 1])]
    else:
        trunk = repository.history.ids("--first-parent", head)
        back = [min(UNTAGGED_BACK * times, len(trunk) - 1) for times in (2, 1)]
        served = list(dict.fromkeys(trunk.slice(at, at + 1)[0] for at in back))
    live = served[-1]
    newer = repository.history.ids("--first-parent", f"{live}..{head}")
    staged = list(reversed(newer.slice(0, STAGED)))
    _build(sandbox, project, served, staged)


def _build(sandbox: Sandbox, project: Project, served: list[str], staged: list[str]) -> None:
    """Finished production builds in this order of time; the served ones had traffic one by one."""
    repository = project.repository(sandbox)
    shas = served + staged
    ceiling = clock.now_ms() - len(shas) * MINUTE_MS
    at = 0
    for position, sha in enumerate(shas):
        commit = repository.commit(sha)
        made = commit.committer.at_s * 1000 + MINUTE_MS if commit else 0
        at = max(at + 1_000, min(made, ceiling + position * MINUTE_MS))
        one = Deployment(
            ids.derived("dpl_", project.name, sha, length=28),
            project.name,
            sha,
            project.default_branch or "main",
            PRODUCTION,
            "READY",
            at,
            commit.message[:2048] if commit else "",
            commit.author.name if commit else "demo",
            building_at=at + 1_000,
            ready_at=at + 45_000,
        )
        deployments.add(sandbox, one)
        if position < len(served):
            production.serve(sandbox, project, one, at + 60_000)
    _point(sandbox, project, served[-1])


def _point(sandbox: Sandbox, project: Project, sha: str) -> None:
    row = sandbox.store.row(
        "select * from deployments where project = ? and sha = ?", project.name, sha
    )
    assert row is not None  # noqa: S101
    sandbox.store.write(
        "insert into aliases (alias, project, deployment, created_at, updated_at)"
        " values (?, ?, ?, ?, ?)",
        project.domain,
        project.name,
        row["id"],
        row["created_at"],
        row["promoted_at"],
    )
