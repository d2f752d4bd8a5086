"""What the production domain points at, and the one function that moves it."""

from typing import Any

from .. import clock
from ..journal import Cause
from ..project import Project
from ..sandbox import Sandbox
from .deployments import Deployment, live


def point(
    sandbox: Sandbox, project: Project, to: Deployment, kind: str, cause: Cause, **detail: Any
) -> None:
    """Move the production domain and write the act into the journal under `kind`."""
    before = live(sandbox, project)
    now = clock.now_ms()
    sandbox.store.write(
        "insert into aliases (alias, project, deployment, created_at, updated_at)"
        " values (?, ?, ?, ?, ?) on conflict (alias) do update"
        " set deployment = excluded.deployment, updated_at = excluded.updated_at",
        project.domain,
        project.name,
        to.id,
        now,
        now,
    )
    serve(sandbox, project, to, now)
    sandbox.journal.add(
        "vercel",
        kind,
        project.name,
        cause,
        alias=project.domain,
        to=to.id,
        to_sha=to.sha,
        **{"from": before.id if before else None},
        from_sha=before.sha if before else None,
        **detail,
    )


def serve(sandbox: Sandbox, project: Project, one: Deployment, at: int) -> None:
    """From `at` on, this deployment answers production's traffic."""
    sandbox.store.write(
        "update deployments set promoted_at = coalesce(promoted_at, ?) where id = ?", at, one.id
    )
    sandbox.store.write(
        "insert into traffic (project, deployment, sha, at) values (?, ?, ?, ?)",
        project.name,
        one.id,
        one.sha,
        at,
    )
