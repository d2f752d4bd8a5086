"""What `inspectorUrl` points at: a plain page about a deployment."""

from .. import clock, evidence, project
from ..project import OWNER
from ..sandbox import Sandbox
from ..wire import Request, Response
from . import deployments
from .events import lines


def is_page(request: Request) -> bool:
    """Whether a path below /vercel is for people: it starts with the team's name."""
    return request.method == "GET" and request.segments[1:2] == [OWNER]


def answer(sandbox: Sandbox, request: Request) -> Response:
    """A page about one deployment: state, commit, domain, the build's log."""
    _, _, name, key, *_ = [*request.segments, "", ""]
    place = f"Vercel, {OWNER}/{name}"
    owner = project.named(sandbox, name)
    one = deployments.find(sandbox, f"dpl_{key}")
    if owner is None or one is None or one.project != owner.name:
        return evidence.missing(place)
    live = deployments.live(sandbox, owner)
    facts = [
        ("Deployment", one.id),
        ("State", " ".join(filter(None, (one.state, one.substate)))),
        ("For", one.target or "preview"),
        ("Commit", one.sha),
        ("Created", clock.iso(one.created_at)),
        ("Domain", owner.domain if live and live.id == one.id else one.host),
    ]
    log = "\n".join(f"{clock.iso(at)[11:19]}  {text}" for at, _, text in lines(one))
    title = one.message.strip().split("\n", 1)[0] or one.id
    return evidence.page(place, title, facts, log)
