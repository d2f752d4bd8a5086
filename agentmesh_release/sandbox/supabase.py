"""Supabase's management API (FACTS 3): project, health, backups, a restore that only starts."""

from collections.abc import Mapping

from . import clock, project
from .journal import Cause
from .project import Project
from .routing import Call, Routes
from .sandbox import Sandbox
from .wire import BadBody, Json, Request, Response, as_json, nothing

routes = Routes("/supabase")
SERVICES = ("auth", "db", "db_postgres_user", "pooler", "realtime", "rest", "storage", "pg_bouncer")
RESTORE_MS = 10_000
DAY_S = 86_400


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """An error in Supabase's words; its reset is in seconds left, unlike GitHub's."""
    limits = (
        {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": headers["Retry-After"]}
        if (status == 429)
        else {}
    )
    return as_json(
        {"message": "Too many requests" if status == 429 else "Refused"},
        status,
        dict(headers) | limits,
    )


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /supabase."""
    if not request.bearer():
        return as_json({"message": "Unauthorized"}, 401)
    found = routes.find(request)
    if found is None:
        return as_json({"message": "Cannot find what you asked for"}, 404)
    handler, params = found
    try:
        return handler(Call(sandbox, request, params))
    except BadBody as error:
        return as_json({"message": str(error)}, 400)


def _owner(call: Call) -> Project | None:
    owners = project.every(call.sandbox)
    return next((one for one in owners if one.supabase_ref == call.params["ref"]), None)


def _missing() -> Response:
    return as_json({"message": "Project not found"}, 404)


def _status(call: Call, owner: Project) -> str:
    """RESTORING for ten seconds after a restore was started."""
    row = call.sandbox.store.row(
        "select 1 from restores where ref = ? and at > ?",
        owner.supabase_ref,
        clock.now_ms() - RESTORE_MS,
    )
    return "RESTORING" if row else "ACTIVE_HEALTHY"


def _document(call: Call, owner: Project) -> Json:
    ref = owner.supabase_ref
    return {
        "id": ref,
        "ref": ref,
        "organization_id": "demo",
        "organization_slug": "demo",
        "name": owner.name,
        "region": "eu-central-1",
        "created_at": clock.iso(owner.created_at),
        "status": _status(call, owner),
        "database": {
            "host": f"db.{ref}.supabase.co",
            "version": "17.4.1.074",
            "postgres_engine": "17",
            "release_channel": "ga",
        },
    }


@routes.get("/v1/projects")
def index(call: Call) -> Response:
    """All projects, unpaged."""
    return as_json([_document(call, owner) for owner in project.every(call.sandbox)])


@routes.get("/v1/projects/{ref}")
def show(call: Call) -> Response:
    """One project with its status."""
    owner = _owner(call)
    return as_json(_document(call, owner)) if owner else _missing()


@routes.get("/v1/projects/{ref}/health")
def health(call: Call) -> Response:
    """The asked services; all of them sleep while a restore runs."""
    owner = _owner(call)
    if owner is None:
        return _missing()
    asked = [name for value in call.request.query.get("services", []) for name in value.split(",")]
    if not asked or not set(asked) <= set(SERVICES):
        return as_json({"message": "services: Required"}, 400)
    state = "COMING_UP" if _status(call, owner) == "RESTORING" else "ACTIVE_HEALTHY"
    healthy = state == "ACTIVE_HEALTHY"
    return as_json([{"name": name, "healthy": healthy, "status": state} for name in asked])


@routes.get("/v1/projects/{ref}/database/backups")
def backups(call: Call) -> Response:
    """Point in time recovery over the last seven days, two minutes behind."""
    owner = _owner(call)
    if owner is None:
        return _missing()
    now = clock.now_ms() // 1000
    earliest, latest = _span(now)
    midnight = now // DAY_S * DAY_S
    listed = [
        {
            "id": day,
            "is_physical_backup": True,
            "status": "COMPLETED",
            "inserted_at": clock.iso((midnight - day * DAY_S) * 1000),
        }
        for day in range(7)
    ]
    span = {
        "earliest_physical_backup_date_unix": earliest,
        "latest_physical_backup_date_unix": latest,
    }
    return as_json(
        {
            "region": "eu-central-1",
            "pitr_enabled": True,
            "walg_enabled": True,
            "backups": listed,
            "physical_backup_data": span,
        }
    )


def _span(now_s: int) -> tuple[int, int]:
    return now_s - 7 * DAY_S, now_s - 120


@routes.post("/v1/projects/{ref}/database/backups/restore-pitr")
def restore(call: Call) -> Response:
    """Start a restore: 201, no body, no job id; read the project's status (FACTS 3)."""
    owner = _owner(call)
    if owner is None:
        return _missing()
    target = call.request.json().get("recovery_time_target_unix")
    now = clock.now_ms()
    earliest, latest = _span(now // 1000)
    if not isinstance(target, int) or not earliest <= target <= latest:
        return as_json({"message": "recovery_time_target_unix is out of range"}, 400)
    with call.sandbox.store.transaction():
        call.sandbox.store.write(
            "insert into restores (ref, target_unix, at) values (?, ?, ?)",
            owner.supabase_ref,
            target,
            now,
        )
        call.sandbox.journal.add(
            "supabase",
            "restore_started",
            owner.name,
            Cause(call.request.id, "client"),
            target=target,
        )
    return nothing(201)
