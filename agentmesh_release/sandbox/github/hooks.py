"""Repository webhooks: set up, listed, and their deliveries looked at and asked for again.

https://docs.github.com/en/rest/repos/webhooks
"""

import json
from urllib.parse import urlsplit

from .. import clock
from ..routing import Routes
from ..store import Row
from ..wire import Json, Response, as_json, nothing
from . import deliveries, happenings
from .doors import NOT_FOUND, Place, Refusal, in_repository, invalid
from .happenings import Happening

routes = Routes()
MOST = 100


def _shape(place: Place, row: Row) -> Json:
    here = f"{place.api}/hooks/{row['id']}"
    last = place.call.sandbox.store.row(
        "select * from hook_deliveries where hook = ? and delivered_at is not null"
        " order by id desc limit 1",
        row["id"],
    )
    return {
        "type": "Repository",
        "id": row["id"],
        "name": "web",
        "active": bool(row["active"]),
        "events": json.loads(row["events"]),
        "config": {
            "url": row["url"],
            "content_type": row["content_type"],
            "insecure_ssl": "0",
        }
        | ({"secret": "********"} if row["secret"] else {}),
        "created_at": clock.iso(row["created_at"]),
        "updated_at": clock.iso(row["updated_at"]),
        "url": here,
        "test_url": f"{here}/test",
        "ping_url": f"{here}/pings",
        "deliveries_url": f"{here}/deliveries",
        "last_response": {
            "code": last["status_code"] if last else None,
            "status": "unused" if last is None else "active",
            "message": last["status"] if last else None,
        },
    }


def _hook(place: Place) -> Row:
    row = place.call.sandbox.store.row(
        "select * from hooks where project = ? and id = ?",
        place.project.name,
        place.call.params["hook"],
    )
    if row is None:
        raise Refusal(404, NOT_FOUND)
    return row


@routes.get("/repos/{owner}/{repo}/hooks")
@in_repository
def index(place: Place) -> Response:
    """All of them."""
    rows = place.call.sandbox.store.rows(
        "select * from hooks where project = ? order by id", place.project.name
    )
    return as_json([_shape(place, row) for row in rows])


@routes.post("/repos/{owner}/{repo}/hooks")
@in_repository
def create(place: Place) -> Response:
    """A new one, and its ping. The sandbox tells this machine only."""
    body, sandbox = place.call.request.json(), place.call.sandbox
    config = body.get("config") or {}
    url = _url(config)
    with sandbox.store.transaction():
        known = "select 1 from hooks where project = ? and url = ?"
        if sandbox.store.row(known, place.project.name, url):
            raise Refusal(
                422,
                "Validation Failed",
                {"resource": "Hook", "code": "custom", "message": "Hook already exists"},
            )
        now = clock.now_ms()
        id_ = sandbox.store.write(
            "insert into hooks (project, url, secret, content_type, events, active, origin,"
            " created_at, updated_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            place.project.name,
            url,
            str(config.get("secret") or ""),
            str(config.get("content_type") or "form"),
            json.dumps(body.get("events") or ["push"]),
            int(body.get("active", True)),
            place.call.request.origin,
            now,
            now,
        )
        row = sandbox.store.row("select * from hooks where id = ?", id_)
        assert row is not None  # noqa: S101
        _ping(place, row)
    return as_json(_shape(place, row), 201)


def _url(config: Json) -> str:
    url = str(config.get("url") or "")
    if not url:
        raise invalid("Hook", "url", "missing_field")
    if urlsplit(url).scheme != "http" or urlsplit(url).hostname not in deliveries.LOCAL:
        raise invalid("Hook", "url", "invalid", "the sandbox tells this machine only")
    return url


def _ping(place: Place, row: Row) -> None:
    fields = {"zen": "Keep it logically awesome.", "hook_id": row["id"], "hook": {"id": row["id"]}}
    happening = Happening("ping", fields, clock.now_ms())
    body = happenings.payload(place.project, place.call.request.origin, happening)
    deliveries.enqueue(place.call.sandbox, row, happening, body)


@routes.get("/repos/{owner}/{repo}/hooks/{hook}")
@in_repository
def show(place: Place) -> Response:
    """One of them."""
    return as_json(_shape(place, _hook(place)))


@routes.patch("/repos/{owner}/{repo}/hooks/{hook}")
@in_repository
def update(place: Place) -> Response:
    """Another address or secret, other events, or switched off."""
    body, sandbox = place.call.request.json(), place.call.sandbox
    with sandbox.store.transaction():
        before = _hook(place)
        config = body.get("config") or {}
        sandbox.store.write(
            "update hooks set url = ?, secret = ?, content_type = ?, events = ?, active = ?,"
            " origin = ?, updated_at = ? where id = ?",
            _url(config) if config else before["url"],
            str(config.get("secret") or before["secret"]),
            str(config.get("content_type") or before["content_type"]),
            json.dumps(body["events"]) if body.get("events") else before["events"],
            int(body.get("active", before["active"])),
            place.call.request.origin,
            clock.now_ms(),
            before["id"],
        )
    return as_json(_shape(place, _hook(place)))


@routes.delete("/repos/{owner}/{repo}/hooks/{hook}")
@in_repository
def delete(place: Place) -> Response:
    """Gone, with the log of its deliveries."""
    sandbox, row = place.call.sandbox, _hook(place)
    with sandbox.store.transaction():
        sandbox.store.write("delete from hook_deliveries where hook = ?", row["id"])
        sandbox.store.write("delete from hooks where id = ?", row["id"])
    return nothing(204)


@routes.post("/repos/{owner}/{repo}/hooks/{hook}/pings")
@in_repository
def ping(place: Place) -> Response:
    """A hello to the receiver."""
    _ping(place, _hook(place))
    return nothing(204)


@routes.get("/repos/{owner}/{repo}/hooks/{hook}/deliveries")
@in_repository
def log(place: Place) -> Response:
    """Attempts to deliver, newest first; `cursor` is where the last page ended."""
    request = place.call.request
    wanted, cursor = request.first("per_page", "30"), request.first("cursor")
    many = min(int(wanted), MOST) if wanted.isdecimal() and int(wanted) else 30
    rows = place.call.sandbox.store.rows(
        "select * from hook_deliveries where hook = ? and delivered_at is not null and id < ?"
        " order by id desc limit ?",
        _hook(place)["id"],
        int(cursor) if cursor.isdecimal() else 1 << 60,
        many + 1,
    )
    page = rows[:many]
    following = (
        f"{request.origin}{request.path}?per_page={many}&cursor={page[-1]['id']}" if page else ""
    )
    link = {"Link": f'<{following}>; rel="next"'} if len(rows) > many else {}
    return as_json([_attempt(row) for row in page], headers=link)


def _attempt(row: Row) -> Json:
    return {
        "id": row["id"],
        "guid": row["guid"],
        "delivered_at": clock.iso_ms(row["delivered_at"]),
        "redelivery": bool(row["redelivery"]),
        "duration": row["duration_ms"] / 1000,
        "status": row["status"],
        "status_code": row["status_code"],
        "event": row["event"],
        "action": row["action"],
        "installation_id": None,
        "repository_id": None,
        "throttled_at": None,
    }


@routes.post("/repos/{owner}/{repo}/hooks/{hook}/deliveries/{delivery}/attempts")
@in_repository
def redeliver(place: Place) -> Response:
    """Send it once more."""
    row = place.call.sandbox.store.row(
        "select * from hook_deliveries where hook = ? and id = ?",
        _hook(place)["id"],
        place.call.params["delivery"],
    )
    if row is None:
        raise Refusal(404, NOT_FOUND)
    deliveries.again(place.call.sandbox, row)
    return as_json({}, 202)
