"""Projects and their one setting that matters here: automatic assignment of production domains."""

from .. import project as registered
from ..project import Project, change
from ..routing import Call, Routes
from ..wire import Response, as_json
from . import shapes
from .doors import cause_of, not_found

routes = Routes()
EVERYWHERE = ("production", "preview", "development")
VARIABLES = {
    "DATABASE_URL": EVERYWHERE,
    "DIRECT_URL": EVERYWHERE,
    "NEXT_PUBLIC_SUPABASE_URL": EVERYWHERE,
    "NEXT_PUBLIC_SUPABASE_ANON_KEY": EVERYWHERE,
    "SUPABASE_SERVICE_ROLE_KEY": ("production", "preview"),
    "CRON_SECRET": ("production",),
    "SENTRY_DSN": ("production", "preview"),
}


@routes.get("/v10/projects")
def index(call: Call) -> Response:
    """All projects."""
    items = [shapes.project(call.sandbox, one) for one in registered.every(call.sandbox)]
    pagination = {"count": len(items), "next": None, "prev": None}
    return as_json({"projects": items, "pagination": pagination})


@routes.get("/v9/projects/{project}")
def show(call: Call) -> Response:
    """One project by id or name."""
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    return as_json(shapes.project(call.sandbox, owner)) if owner else not_found("Project")


@routes.patch("/v9/projects/{project}")
def update(call: Call) -> Response:
    """Change `autoAssignCustomDomains`; other settings are read and left alone."""
    wanted = call.request.json().get("autoAssignCustomDomains")
    with call.sandbox.store.transaction():
        owner = registered.at_vercel(call.sandbox, call.params["project"])
        if owner is None:
            return not_found("Project")
        if wanted is not None and not isinstance(wanted, bool):
            message = "`autoAssignCustomDomains` should be boolean"
            return as_json(shapes.error("bad_request", message), 400)
        if wanted is not None and wanted != owner.auto_assign:
            _assign(call, owner, wanted)
    return show(call)


def _assign(call: Call, owner: Project, wanted: bool) -> None:
    change(call.sandbox, owner, auto_assign=int(wanted))
    call.sandbox.journal.add(
        "vercel", "setting_changed", owner.name, cause_of(call), autoAssignCustomDomains=wanted
    )


@routes.get("/v10/projects/{project}/env")
def variables(call: Call) -> Response:
    """The environment variables; their values are sealed, as `decrypt` off leaves them."""
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    if owner is None:
        return not_found("Project")
    envs = [shapes.variable(owner, name, targets) for name, targets in VARIABLES.items()]
    pagination = {"count": len(envs), "next": None, "prev": None}
    return as_json({"envs": envs, "pagination": pagination})


@routes.get("/v9/projects/{project}/domains")
def domains(call: Call) -> Response:
    """The production domain."""
    owner = registered.at_vercel(call.sandbox, call.params["project"])
    if owner is None:
        return not_found("Project")
    domain = {
        "apexName": ".".join(owner.domain.split(".")[-2:]),
        "name": owner.domain,
        "projectId": owner.vercel_id,
        "verified": True,
        "createdAt": owner.created_at,
        "updatedAt": owner.created_at,
    }
    pagination = {"count": 1, "next": None, "prev": None}
    return as_json({"domains": [domain], "pagination": pagination})
