"""Aliases: which deployment a host name points at, and the direct way to move one."""

from .. import clock
from .. import project as registered
from ..project import Project
from ..routing import Call, Routes
from ..store import Row
from ..wire import Json, Response, as_json
from . import deployments, production, shapes
from .doors import cause_of, not_found

routes = Routes()


def _alias(owner: Project, row: Row) -> Json:
    return {
        "alias": row["alias"],
        "created": clock.iso_ms(row["created_at"]),
        "createdAt": row["created_at"],
        "updatedAt": row["updated_at"],
        "deploymentId": row["deployment"],
        "projectId": owner.vercel_id,
        "uid": f"als_{owner.vercel_id[4:]}",
        "redirect": None,
    }


def _aliases(call: Call, owners: list[Project]) -> list[Json]:
    pairs = [
        (owner, call.sandbox.store.row("select * from aliases where alias = ?", owner.domain))
        for owner in owners
    ]
    return [_alias(owner, row) for owner, row in pairs if row is not None]


@routes.get("/v4/aliases")
def index(call: Call) -> Response:
    """All aliases, or one project's."""
    owners = registered.every(call.sandbox)
    wanted = call.request.first("projectId")
    items = _aliases(call, [one for one in owners if wanted in ("", one.vercel_id, one.name)])
    pagination = {"count": len(items), "next": None, "prev": None}
    return as_json({"aliases": items, "pagination": pagination})


@routes.get("/v4/aliases/{alias}")
def show(call: Call) -> Response:
    """One alias by its host name or id: the live truth after a promote or a rollback."""
    found = [
        one
        for one in _aliases(call, registered.every(call.sandbox))
        if call.params["alias"] in (one["alias"], one["uid"])
    ]
    return as_json(found[0]) if found else not_found("Alias")


@routes.get("/v2/deployments/{id}/aliases")
def of_deployment(call: Call) -> Response:
    """The aliases that point at a deployment."""
    one = deployments.find(call.sandbox, call.params["id"])
    owner = registered.named(call.sandbox, one.project) if one else None
    if one is None or owner is None:
        return not_found("Deployment")
    items = [alias for alias in _aliases(call, [owner]) if alias["deploymentId"] == one.id]
    return as_json({"aliases": items})


@routes.post("/v2/deployments/{id}/aliases")
def assign(call: Call) -> Response:
    """Move an alias here and now: no job, no `lastAliasRequest` (FACTS 2.6)."""
    alias = call.request.json().get("alias")
    with call.sandbox.store.transaction():
        one = deployments.find(call.sandbox, call.params["id"])
        owner = registered.named(call.sandbox, one.project) if one else None
        if one is None or owner is None:
            return not_found("Deployment")
        if alias != owner.domain:
            message = "The domain is not allowed for this project"
            return as_json(shapes.error("alias_domain_not_allowed", message), 409)
        now = deployments.live(call.sandbox, owner)
        if now is not None and now.id == one.id:
            message = "The alias is already assigned to this deployment"
            return as_json(shapes.error("not_modified", message), 409)
        if one.state != "READY":
            message = f"The deployment is {one.state}, not READY"
            return as_json(shapes.error("deployment_not_ready", message), 400)
        production.point(call.sandbox, owner, one, "alias_assigned", cause_of(call))
    before = now.id if now else None
    uid = f"als_{owner.vercel_id[4:]}"
    created = clock.iso_ms(clock.now_ms())
    return as_json({"uid": uid, "alias": alias, "created": created, "oldDeploymentId": before})
