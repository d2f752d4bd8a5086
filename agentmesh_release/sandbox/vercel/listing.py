"""Reading deployments (FACTS 2.1, 2.2, 2.4), making one, cancelling one."""

from collections.abc import Callable

from .. import project as projects
from ..project import Project
from ..routing import Call, Routes
from ..wire import Response, as_json
from . import deployments, shapes
from .deployments import PRODUCTION, Deployment
from .doors import cause_of, not_found

routes = Routes()
MOST = 100


@routes.get("/v7/deployments")
@routes.get("/v6/deployments")
def index(call: Call) -> Response:
    """A page of deployments, newest first; `until` goes back in time."""
    chosen = _owners(call)
    if chosen is None:
        return not_found("Project")
    live = {owner.name: _live_id(call, owner) for owner in chosen}
    every = [
        (one, owner)
        for owner in chosen
        for one in deployments.of(call.sandbox, owner)
        if _matches(call, one, live[owner.name])
    ]
    every.sort(key=lambda pair: pair[0].created_at, reverse=True)
    limit = min(int(call.request.first("limit", "20") or 20), MOST)
    page, rest = every[:limit], every[limit:]
    origin = call.request.origin
    pagination = {
        "count": len(page),
        # The last one's own time: the next page asks for what is older than this.
        "next": page[-1][0].created_at if rest else None,
        "prev": page[0][0].created_at if page else None,
    }
    items = [shapes.listed(one, owner, live[owner.name], origin) for one, owner in page]
    return as_json({"deployments": items, "pagination": pagination})


def _owners(call: Call) -> list[Project] | None:
    wanted = call.request.first("projectId") or call.request.first("app")
    if not wanted:
        return projects.every(call.sandbox)
    one = projects.at_vercel(call.sandbox, wanted)
    return [one] if one else None


def _live_id(call: Call, owner: Project) -> str | None:
    now = deployments.live(call.sandbox, owner)
    return now.id if now else None


def _matches(call: Call, one: Deployment, live_id: str | None) -> bool:
    ask = call.request.first
    is_candidate = one.promoted_at is not None and one.id != live_id
    tests: dict[str, Callable[[str], bool]] = {
        "target": lambda value: (one.target or "preview") == value,
        "state": lambda value: one.state in value.upper().split(","),
        "sha": lambda value: one.sha == value,
        "branch": lambda value: one.ref == value,
        "rollbackCandidate": lambda value: is_candidate == (value == "true"),
        "until": lambda value: one.created_at < int(value),
        "since": lambda value: one.created_at > int(value),
    }
    return all(test(ask(name)) for name, test in tests.items() if ask(name))


@routes.get("/v13/deployments/{id}")
def show(call: Call) -> Response:
    """One deployment by id or host name."""
    one = deployments.find(call.sandbox, call.params["id"])
    owner = projects.named(call.sandbox, one.project) if one else None
    if one is None or owner is None:
        return not_found("Deployment")
    return as_json(shapes.single(one, owner, _live_id(call, owner), call.request.origin))


@routes.post("/v13/deployments")
def create(call: Call) -> Response:
    """Build an earlier deployment's commit again: what the CLI does with a preview (FACTS 2.3)."""
    body = call.request.json()
    source = deployments.find(call.sandbox, str(body.get("deploymentId", "")))
    if source is None:
        return as_json(shapes.error("bad_request", "deploymentId names no deployment"), 400)
    owner = projects.named(call.sandbox, source.project)
    if owner is None:
        return not_found("Project")
    with call.sandbox.store.transaction():
        target = PRODUCTION if body.get("target") == PRODUCTION else None
        one = deployments.build(
            call.sandbox,
            owner,
            cause_of(call),
            sha=source.sha,
            ref=source.ref,
            target=target,
            meta=body.get("meta") if isinstance(body.get("meta"), dict) else None,
        )
    return as_json(shapes.single(one, owner, _live_id(call, owner), call.request.origin))


@routes.patch("/v12/deployments/{id}/cancel")
def cancel(call: Call) -> Response:
    """Stop a build that is not over yet (FACTS 2.2: 400 once it is)."""
    with call.sandbox.store.transaction():
        one = deployments.find(call.sandbox, call.params["id"])
        owner = projects.named(call.sandbox, one.project) if one else None
        if one is None or owner is None:
            return not_found("Deployment")
        if one.state not in ("QUEUED", "BUILDING"):
            message = f"The deployment is {one.state} and cannot be canceled"
            return as_json(shapes.error("bad_request", message), 400)
        call.sandbox.store.write("update deployments set state = 'CANCELED' where id = ?", one.id)
        call.sandbox.journal.add(
            "vercel", "deployment_canceled", owner.name, cause_of(call), deployment=one.id
        )
    return show(call)
