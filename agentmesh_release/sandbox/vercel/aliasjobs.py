"""Promote and rollback are jobs: accepted at once, done later (`lastAliasRequest`, FACTS 2.4)."""

from .. import clock, project
from ..journal import Cause
from ..project import Project, change
from ..sandbox import Sandbox
from ..schedule import later, work
from ..wire import Json
from . import deployments, production
from .deployments import Deployment

RUNNING = ("pending", "in-progress")


def is_running(owner: Project) -> bool:
    """Whether an alias job is under way: one at a time per project."""
    last = owner.last_alias_request
    return last is not None and last["jobStatus"] in RUNNING


def accept(sandbox: Sandbox, owner: Project, to: Deployment, kind: str, cause: Cause) -> None:
    """Accept a `promote` or a `rollback`; the domain moves when the job ends."""
    before = deployments.live(sandbox, owner)
    request = {
        "fromDeploymentId": before.id if before else None,
        "toDeploymentId": to.id,
        "jobStatus": "pending",
        "requestedAt": clock.now_ms(),
        "type": kind,
    }
    change(sandbox, owner, last_alias_request=request)
    later(
        sandbox,
        sandbox.seconds("alias_seconds") * 0.4,
        "vercel.alias_started",
        project=owner.name,
        request_id=cause.request_id,
        by=cause.by,
    )


@work("vercel.alias_started")
def start(sandbox: Sandbox, payload: Json) -> None:
    """pending becomes in-progress."""
    owner = project.named(sandbox, payload["project"])
    if owner is None or owner.last_alias_request is None:
        return
    change(
        sandbox, owner, last_alias_request=owner.last_alias_request | {"jobStatus": "in-progress"}
    )
    later(sandbox, sandbox.seconds("alias_seconds") * 0.6, "vercel.alias_finished", **payload)


@work("vercel.alias_finished")
def finish(sandbox: Sandbox, payload: Json) -> None:
    """The domain moves, unless it points there already (`skipped`)."""
    owner = project.named(sandbox, payload["project"])
    if owner is None or owner.last_alias_request is None:
        return
    request = owner.last_alias_request
    to = deployments.find(sandbox, request["toDeploymentId"])
    now = deployments.live(sandbox, owner)
    cause = Cause(payload["request_id"], payload["by"])
    if to is None or to.state != "READY":
        status = "failed"
    elif now is not None and now.id == to.id:
        status = "skipped"
    else:
        status = "succeeded"
        kind = "promoted" if request["type"] == "promote" else "rolled_back"
        production.point(sandbox, owner, to, kind, cause, requested_at=request["requestedAt"])
    change(sandbox, owner, last_alias_request=request | {"jobStatus": status})
    if status != "failed":
        _assignment(sandbox, owner, request["type"], cause)


def _assignment(sandbox: Sandbox, owner: Project, kind: str, cause: Cause) -> None:
    """A rollback switches automatic assignment off, the promote after it on (FACTS 2.4)."""
    wanted = owner.auto_assign
    if kind == "rollback":
        wanted = False
    elif owner.rolled_back:
        wanted = True
    change(sandbox, owner, rolled_back=int(kind == "rollback"), auto_assign=int(wanted))
    if wanted != owner.auto_assign:
        sandbox.journal.add(
            "vercel", "setting_changed", owner.name, cause, autoAssignCustomDomains=wanted
        )
