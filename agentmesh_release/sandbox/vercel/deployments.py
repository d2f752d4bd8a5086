"""Deployments: rows, and how one is made."""

import json
from dataclasses import dataclass, replace

from .. import clock, ids
from ..journal import Cause
from ..project import Project, change
from ..sandbox import Sandbox
from ..schedule import later
from ..store import Row
from ..wire import Json

PRODUCTION = "production"


@dataclass(frozen=True)
class Deployment:
    """One build. Times in milliseconds; `promoted_at` is its first production traffic."""

    id: str
    project: str
    sha: str
    ref: str
    target: str | None
    state: str
    created_at: int
    message: str
    author: str
    pull: int | None = None
    building_at: int | None = None
    ready_at: int | None = None
    promoted_at: int | None = None
    breaks: bool = False
    meta: Json | None = None

    @property
    def substate(self) -> str | None:
        """STAGED until it first had production traffic, then PROMOTED; nothing before READY."""
        if self.state != "READY" or self.target != PRODUCTION:
            return None
        return "PROMOTED" if self.promoted_at else "STAGED"

    @property
    def host(self) -> str:
        """Its own host name; unique, since it holds part of the id."""
        return f"{self.project.lower()}-{self.id[4:13].lower()}-demo.vercel.app"


def find(sandbox: Sandbox, id_or_host: str) -> Deployment | None:
    """The deployment of an id or of its own host name."""
    row = sandbox.store.row("select * from deployments where id = ?", id_or_host)
    if row is not None:
        return read(row)
    if not id_or_host.endswith(".vercel.app"):
        return None
    rows = sandbox.store.rows("select * from deployments where state != 'DELETED'")
    return next((one for one in map(read, rows) if one.host == id_or_host), None)


def of(sandbox: Sandbox, project: Project) -> list[Deployment]:
    """A project's deployments, newest first."""
    rows = sandbox.store.rows(
        "select * from deployments where project = ? order by created_at desc, rowid desc",
        project.name,
    )
    return [read(row) for row in rows]


def live(sandbox: Sandbox, project: Project) -> Deployment | None:
    """What the production domain points at."""
    row = sandbox.store.row(
        "select d.* from aliases a join deployments d on d.id = a.deployment where a.alias = ?",
        project.domain,
    )
    return read(row) if row else None


def add(sandbox: Sandbox, deployment: Deployment) -> None:
    """Insert a row as it is; `created_at` moves on until it is the project's only one there.

    Lists are paged by that time, so two deployments may not share it.
    """
    taken = "select 1 from deployments where project = ? and created_at = ?"
    created_at = deployment.created_at
    while sandbox.store.row(taken, deployment.project, created_at):
        created_at += 1
    one = replace(deployment, created_at=created_at)
    sandbox.store.write(
        "insert into deployments (id, project, sha, ref, target, state, created_at, building_at,"
        " ready_at, promoted_at, message, author, pull, breaks, meta)"
        " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        one.id,
        one.project,
        one.sha,
        one.ref,
        one.target,
        one.state,
        one.created_at,
        one.building_at,
        one.ready_at,
        one.promoted_at,
        one.message,
        one.author,
        one.pull,
        int(one.breaks),
        json.dumps(one.meta or {}),
    )


def build(
    sandbox: Sandbox,
    project: Project,
    cause: Cause,
    *,
    sha: str,
    ref: str,
    target: str | None,
    pull: int | None = None,
    meta: Json | None = None,
) -> Deployment:
    """Start a new build: QUEUED now, BUILDING and READY (or ERROR) over the build time."""
    commit = project.repository(sandbox).commit(sha)
    breaks = project.break_next_build
    one = Deployment(
        ids.deployment(),
        project.name,
        sha,
        ref,
        target,
        "QUEUED",
        clock.now_ms(),
        commit.message[:2048] if commit else "",
        commit.author.name if commit else "demo",
        pull,
        breaks=breaks,
        meta=meta,
    )
    add(sandbox, one)
    if breaks:
        change(sandbox, project, break_next_build=0)
    sandbox.journal.add(
        "vercel",
        "deployment_created",
        project.name,
        cause,
        deployment=one.id,
        sha=sha,
        target=target,
    )
    later(sandbox, sandbox.seconds("build_seconds") * 0.25, "vercel.building", deployment=one.id)
    return one


def read(row: Row) -> Deployment:
    """A deployment from its row."""
    return Deployment(
        row["id"],
        row["project"],
        row["sha"],
        row["ref"],
        row["target"],
        row["state"],
        row["created_at"],
        row["message"],
        row["author"],
        row["pull"],
        row["building_at"],
        row["ready_at"],
        row["promoted_at"],
        bool(row["breaks"]),
        json.loads(row["meta"]),
    )
