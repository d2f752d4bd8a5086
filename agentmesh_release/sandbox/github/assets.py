"""A release's files, sent to `upload_url` as raw bytes.

An upload that broke off leaves an empty one in state `starter` (FACTS 1.7).
"""

import hashlib
from dataclasses import replace

from .. import clock, ids
from ..routing import Routes
from ..store import Row
from ..wire import Json, Response, as_json, nothing
from .doors import NOT_FOUND, Place, Refusal, cause_of, in_repository, invalid, paged, user

routes = Routes()
COLUMNS = "id, release, name, label, content_type, digest, at, length(body) as size"


def shape(place: Place, row: Row) -> Json:
    """One asset."""
    at = clock.iso(row["at"])
    return {
        "id": row["id"],
        "node_id": ids.node("asset", str(row["id"])),
        "name": row["name"],
        "label": row["label"],
        "content_type": row["content_type"],
        "size": row["size"],
        "digest": row["digest"],
        "state": "uploaded" if row["size"] else "starter",
        "download_count": 0,
        "url": f"{place.api}/releases/assets/{row['id']}",
        "browser_download_url": f"{place.page}/releases/download/{row['id']}/{row['name']}",
        "uploader": user("demo", place.call.request.origin),
        "created_at": at,
        "updated_at": at,
    }


def of(place: Place, release: int) -> list[Json]:
    """A release's assets, oldest first."""
    sql = f"select {COLUMNS} from assets where release = ? order by id"  # noqa: S608
    return [shape(place, row) for row in place.call.sandbox.store.rows(sql, release)]


def _of_release(place: Place) -> int:
    row = place.call.sandbox.store.row(
        "select id from releases where project = ? and id = ?",
        place.project.name,
        place.call.params["id"],
    )
    if row is None:
        raise Refusal(404, NOT_FOUND)
    return int(row["id"])


@routes.get("/repos/{owner}/{repo}/releases/{id}/assets")
@in_repository
def index(place: Place) -> Response:
    """All assets of a release."""
    return paged(place.call, of(place, _of_release(place)))


@routes.get("/repos/{owner}/{repo}/releases/assets/{id}")
@in_repository
def show(place: Place) -> Response:
    """An asset's document, or its bytes when `Accept` asks for them."""
    sql = f"select {COLUMNS} from assets where id = ?"  # noqa: S608
    row = place.call.sandbox.store.row(sql, place.call.params["id"])
    if row is None:
        raise Refusal(404, NOT_FOUND)
    if "octet-stream" not in place.call.request.headers.get("accept", ""):
        return as_json(shape(place, row))
    body = place.call.sandbox.store.row("select body from assets where id = ?", row["id"])
    return Response(200, body["body"] if body else b"", "application/octet-stream")


@routes.post("/uploads/repos/{owner}/{repo}/releases/{id}/assets")
@in_repository
def upload(place: Place) -> Response:
    """Keep one file; a second of the same name is refused."""
    request = place.call.request
    if not request.body:
        raise invalid("ReleaseAsset", "size", "custom", "size must be greater than 0")
    if request.broke_off:
        place = replace(place, call=replace(place.call, request=replace(request, body=b"")))
    return _keep(place)


def _keep(place: Place) -> Response:
    release, name = _of_release(place), place.call.request.first("name")
    if not name:
        raise invalid("ReleaseAsset", "name", "missing_field")
    request, sandbox = place.call.request, place.call.sandbox
    with sandbox.store.transaction():
        if any(one["name"] == name for one in of(place, release)):
            raise invalid("ReleaseAsset", "name", "already_exists")
        digest = f"sha256:{hashlib.sha256(request.body).hexdigest()}"
        id_ = sandbox.store.write(
            "insert into assets (release, name, label, content_type, digest, at, body)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            release,
            name,
            request.first("label") or None,
            request.headers.get("content-type", "application/octet-stream"),
            digest,
            clock.now_ms(),
            request.body,
        )
        sandbox.journal.add(
            "github",
            "asset_uploaded" if request.body else "asset_broken_off",
            place.project.name,
            cause_of(place.call),
            release=release,
            name=name,
            size=len(request.body),
            digest=digest,
        )
    sql = f"select {COLUMNS} from assets where id = ?"  # noqa: S608
    row = sandbox.store.row(sql, id_)
    assert row is not None  # noqa: S101
    return as_json(shape(place, row), 201)


@routes.delete("/repos/{owner}/{repo}/releases/assets/{id}")
@in_repository
def delete(place: Place) -> Response:
    """Remove one file."""
    sandbox = place.call.sandbox
    with sandbox.store.transaction():
        row = sandbox.store.row(
            "select release, name from assets where id = ?", place.call.params["id"]
        )
        if row is None:
            raise Refusal(404, NOT_FOUND)
        sandbox.store.write("delete from assets where id = ?", place.call.params["id"])
        sandbox.journal.add(
            "github",
            "asset_deleted",
            place.project.name,
            cause_of(place.call),
            release=row["release"],
            name=row["name"],
        )
    return nothing(204)
