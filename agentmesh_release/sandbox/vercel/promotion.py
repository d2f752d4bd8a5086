"""Promote and rollback, with what Vercel rejects (FACTS 2.3, 2.4)."""

from .. import clock
from .. import project as registered
from ..project import Project, change
from ..routing import Call, Routes
from ..wire import Response, as_json, nothing
from . import aliasjobs, deployments, shapes
from .deployments import PRODUCTION, Deployment
from .doors import cause_of, not_found

routes = Routes()
LONGEST_DESCRIPTION = 250


@routes.post("/v10/projects/{project}/promote/{deployment}")
def promote(call: Call) -> Response:
    """Point the production domains at an existing production build."""
    call.request.json()
    return _request(call, "promote")


@routes.post("/v1/projects/{project}/rollback/{deployment}")
@routes.post("/v9/projects/{project}/rollback/{deployment}")
def rollback(call: Call) -> Response:
    """Point them back at a build that had production traffic before."""
    if len(call.request.first("description")) > LONGEST_DESCRIPTION:
        return _refusal(400, "bad_request", "`description` should be at most 250 characters")
    return _request(call, "rollback")


def _request(call: Call, kind: str) -> Response:
    with call.sandbox.store.transaction():
        owner = registered.at_vercel(call.sandbox, call.params["project"])
        if owner is None:
            return not_found("Project")
        to = deployments.find(call.sandbox, call.params["deployment"])
        if to is None or to.project != owner.name:
            return not_found("Deployment")
        refusal = _why_not(call, owner, to, kind)
        if refusal is not None:
            return refusal
        if kind == "rollback":
            _describe(call, owner, call.request.first("description"))
        aliasjobs.accept(call.sandbox, owner, to, kind, cause_of(call))
    return nothing(201)


def _why_not(call: Call, owner: Project, to: Deployment, kind: str) -> Response | None:
    if aliasjobs.is_running(owner):
        return _refusal(409, "conflict", "Another alias request is in progress for this project")
    if to.target != PRODUCTION:
        return _refusal(422, "unprocessable_entity", "A preview deployment cannot be promoted")
    if to.state != "READY":
        return _refusal(400, "bad_request", f"The deployment is {to.state}, not READY")
    if kind == "promote":
        return None
    if to.promoted_at is None:
        message = "The deployment was never aliased to a production domain"
        return _refusal(422, "unprocessable_entity", message)
    if owner.hobby and to.id != _previous(call, owner):
        message = "Your plan can only roll back to the previous production deployment"
        return _refusal(402, "payment_required", message)
    return None


def _previous(call: Call, owner: Project) -> str | None:
    """The deployment that was live before the present one."""
    rows = call.sandbox.store.rows(
        "select deployment from traffic where project = ? order by at desc, id desc", owner.name
    )
    served = [row["deployment"] for row in rows]
    return next((one for one in served if one != served[0]), None)


def _describe(call: Call, owner: Project, description: str) -> None:
    described = {
        "createdAt": clock.now_ms(),
        "description": description,
        "userId": shapes.CREATOR["uid"],
        "username": shapes.CREATOR["username"],
    }
    change(call.sandbox, owner, rollback_description=described if description else None)


def _refusal(status: int, code: str, message: str) -> Response:
    return as_json(shapes.error(code, message), status)


@routes.patch("/v1/projects/{project}/rollback/{deployment}/update-description")
def update_description(call: Call) -> Response:
    """Change the reason only."""
    description = call.request.json().get("description")
    if not isinstance(description, str) or len(description) > LONGEST_DESCRIPTION:
        return _refusal(400, "bad_request", "`description` should be at most 250 characters")
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    if owner is None:
        return not_found("Project")
    _describe(call, owner, description)
    return nothing(200)


@routes.get("/v1/projects/{project}/promote/aliases")
@routes.get("/v9/projects/{project}/rollback/aliases")
def job_aliases(call: Call) -> Response:
    """The last job's domains, each with its own status."""
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    if owner is None:
        return not_found("Project")
    status = (owner.last_alias_request or {}).get("jobStatus")
    told = {"succeeded": "completed", "skipped": "completed"}.get(str(status), status)
    items = [{"alias": owner.domain, "id": f"als_{owner.vercel_id[4:]}", "status": told}]
    if status is None or (call.request.first("failedOnly") == "true" and told != "failed"):
        items = []
    pagination = {"count": len(items), "next": None, "prev": None}
    return as_json({"aliases": items, "pagination": pagination})
