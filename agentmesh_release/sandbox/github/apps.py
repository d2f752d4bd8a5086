"""GitHub Apps: who signs for one, where it is installed, and the tokens that it is given.

A signature is judged as GitHub does (FACTS 1.1): RS256, at most ten minutes ahead, not issued in
the future. A token is good for an hour.
"""

import secrets

from .. import clock, ids
from ..project import OWNER
from ..routing import Call, Routes
from ..sandbox import Sandbox
from ..store import Row
from ..wire import Json, Request, Response, as_json
from .doors import NOT_FOUND, Place, Refusal, in_repository, user

routes = Routes()
STATES = ("installed", "suspended", "removed")
PREFIX = "ghs_"
HOUR_MS = 3_600_000
LONGEST_S = 600
PERMISSIONS = {
    "checks": "write", "contents": "write", "metadata": "read", "pull_requests": "read",
    "statuses": "write",
}  # fmt: skip
SINCE = "2026-01-01T00:00:00Z"


def know(sandbox: Sandbox, app: int, public_key: str, state: str) -> None:
    """An App exists, with this public key, and is installed (or not) for the owner."""
    sandbox.store.write(
        "insert or replace into apps (id, public_key, state) values (?, ?, ?)",
        app,
        public_key,
        state,
    )


def end_tokens(sandbox: Sandbox) -> None:
    """All of them ended just now."""
    sandbox.store.write("update app_tokens set expires_at = 0")


def of_token(sandbox: Sandbox, token: str) -> int | None:
    """The App that a token was given to; None for a person's. Raises Refusal for one that is no
    good (any more)."""
    if not token.startswith(PREFIX):
        return None
    row = sandbox.store.row(
        "select app_tokens.*, state from app_tokens join apps on apps.id = app where token = ?",
        token,
    )
    if row is None or row["expires_at"] <= clock.now_ms() or row["state"] != "installed":
        raise Refusal(401, "Bad credentials")
    return int(row["app"])


def document(app: int, origin: str) -> Json:
    """An App as check runs name it."""
    return {
        "id": app,
        "slug": f"app-{app}",
        "node_id": ids.node("app", str(app)),
        "owner": user(OWNER, origin),
        "name": f"App {app}",
        "description": None,
        "external_url": origin,
        "html_url": f"{origin}/github/apps/app-{app}",
        "created_at": SINCE,
        "updated_at": SINCE,
        "permissions": PERMISSIONS,
        "events": [],
    }


def _signer(sandbox: Sandbox, request: Request) -> Row:
    """The App that signed a call. Raises Refusal."""
    import jwt  # 10 MB that only a sandbox with an App needs

    token = request.bearer()
    try:
        claimed = jwt.decode(token, options={"verify_signature": False}).get("iss", "")
        row = sandbox.store.row("select * from apps where id = ?", int(claimed))
        if row is None:
            raise Refusal(401, "Integration not found")
        claims = jwt.decode(token, row["public_key"], algorithms=["RS256"])
    except (jwt.InvalidTokenError, ValueError, TypeError) as error:
        raise Refusal(401, "A JSON web token could not be decoded") from error
    if claims.get("exp", 0) > request.at_ms / 1000 + LONGEST_S:
        raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future")
    return row


def _number(row: Row) -> int:
    return ids.number("installation", str(row["id"]), OWNER)


@routes.get("/repos/{owner}/{repo}/installation")
@in_repository
def installation(place: Place) -> Response:
    """Where the App is installed for a repository."""
    row = _signer(place.call.sandbox, place.call.request)
    if row["state"] == "removed":
        raise Refusal(404, NOT_FOUND)
    origin, number = place.call.request.origin, _number(row)
    api = f"{origin}/github/app/installations/{number}"
    return as_json(
        {
            "id": number,
            "account": user(OWNER, origin),
            "repository_selection": "all",
            "access_tokens_url": f"{api}/access_tokens",
            "repositories_url": f"{origin}/github/installation/repositories",
            "html_url": f"{origin}/github/settings/installations/{number}",
            "app_id": row["id"],
            "app_slug": f"app-{row['id']}",
            "target_id": ids.number("user", OWNER),
            "target_type": "Organization",
            "permissions": PERMISSIONS,
            "events": [],
            "created_at": SINCE,
            "updated_at": SINCE,
            "single_file_name": None,
            "suspended_by": None,
            "suspended_at": None,
        }
    )


@routes.post("/app/installations/{id}/access_tokens")
def give_token(call: Call) -> Response:
    """A token for an hour."""
    row = _signer(call.sandbox, call.request)
    if row["state"] == "removed" or call.params["id"] != str(_number(row)):
        raise Refusal(404, NOT_FOUND)
    if row["state"] == "suspended":
        raise Refusal(403, "This installation has been suspended")
    token, until = PREFIX + secrets.token_hex(18), clock.now_ms() + HOUR_MS
    call.sandbox.store.write(
        "insert into app_tokens (token, app, expires_at) values (?, ?, ?)", token, row["id"], until
    )
    given = {"token": token, "expires_at": clock.iso(until), "permissions": PERMISSIONS}
    return as_json(given | {"repository_selection": "all"}, 201)
