"""A build's way through time: QUEUED, BUILDING, then READY or ERROR."""

from .. import clock, project
from ..journal import Cause
from ..sandbox import Sandbox
from ..schedule import later, work
from ..wire import Json
from . import deployments, production

BUILDER = Cause("", "vercel")


@work("vercel.building")
def start(sandbox: Sandbox, payload: Json) -> None:
    """The queue has a place free."""
    one = deployments.find(sandbox, payload["deployment"])
    if one is None or one.state != "QUEUED":
        return
    sandbox.store.write(
        "update deployments set state = 'BUILDING', building_at = ? where id = ?",
        clock.now_ms(),
        one.id,
    )
    later(sandbox, sandbox.seconds("build_seconds") * 0.75, "vercel.built", deployment=one.id)


@work("vercel.built")
def finish(sandbox: Sandbox, payload: Json) -> None:
    """The build ends. With the bypass open, a production build goes live by itself (DESIGN 5.7)."""
    one = deployments.find(sandbox, payload["deployment"])
    if one is None or one.state != "BUILDING":
        return
    state = "ERROR" if one.breaks else "READY"
    sandbox.store.write(
        "update deployments set state = ?, ready_at = ? where id = ?", state, clock.now_ms(), one.id
    )
    kind = "deployment_failed" if one.breaks else "deployment_ready"
    sandbox.journal.add("vercel", kind, one.project, BUILDER, deployment=one.id, sha=one.sha)
    owner = project.named(sandbox, one.project)
    if state == "READY" and one.target == deployments.PRODUCTION and owner and owner.auto_assign:
        production.point(sandbox, owner, one, "auto_assigned", BUILDER)
