"""Commit statuses, the other system (FACTS 1.5): a commit with check runs only reads `pending`."""

from .. import clock, ids
from ..routing import Routes
from ..store import Row
from ..wire import Json, Response, as_json
from .doors import Place, cause_of, in_repository, invalid, user
from .repositories import document

routes = Routes()
STATES = ("error", "failure", "pending", "success")


def _shape(place: Place, row: Row) -> Json:
    at = clock.iso(row["at"])
    return {
        "url": f"{place.api}/statuses/{row['sha']}",
        "avatar_url": None,
        "id": row["id"],
        "node_id": ids.node("status", str(row["id"])),
        "state": row["state"],
        "description": row["description"],
        "target_url": row["target_url"],
        "context": row["context"],
        "created_at": at,
        "updated_at": at,
    }


def combined(states: list[str]) -> str:
    """failure if any failed, pending if there is none or one is pending, else success."""
    if {"error", "failure"} & set(states):
        return "failure"
    return "pending" if not states or "pending" in states else "success"


@routes.get("/repos/{owner}/{repo}/commits/{ref}/status")
@in_repository
def show(place: Place) -> Response:
    """The newest status of each context, and their sum."""
    sha = place.resolve(place.call.params["ref"])
    rows = place.call.sandbox.store.rows(
        "select * from statuses where id in (select max(id) from statuses"
        " where project = ? and sha = ? group by context) order by id",
        place.project.name,
        sha,
    )
    return as_json(
        {
            "state": combined([row["state"] for row in rows]),
            "statuses": [_shape(place, row) for row in rows],
            "sha": sha,
            "total_count": len(rows),
            "repository": document(place),
            "commit_url": f"{place.api}/commits/{sha}",
            "url": f"{place.api}/commits/{sha}/status",
        }
    )


@routes.post("/repos/{owner}/{repo}/statuses/{sha}")
@in_repository
def create(place: Place) -> Response:
    """Post a status."""
    body, sha = place.call.request.json(), place.resolve(place.call.params["sha"])
    if body.get("state") not in STATES:
        raise invalid("Status", "state", "invalid")
    sandbox = place.call.sandbox
    with sandbox.store.transaction():
        id_ = sandbox.store.write(
            "insert into statuses (project, sha, context, state, description, target_url, at)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            place.project.name,
            sha,
            str(body.get("context") or "default"),
            body["state"],
            body.get("description"),
            body.get("target_url"),
            clock.now_ms(),
        )
        sandbox.journal.add(
            "github",
            "status_created",
            place.project.name,
            cause_of(place.call),
            sha=sha,
            state=body["state"],
            context=body.get("context"),
        )
    row = sandbox.store.row("select * from statuses where id = ?", id_)
    assert row is not None  # noqa: S101
    return as_json(_shape(place, row) | {"creator": user("demo", place.call.request.origin)}, 201)
