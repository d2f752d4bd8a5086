"""The primary rate limit: 5,000 calls an hour for each token, told in every answer (FACTS 1.3)."""

import hashlib
import threading

from .. import clock
from ..routing import Call, Routes
from ..wire import Json, Response, as_json

routes = Routes()
LIMIT = 5_000
HOUR_S = 3_600
_lock = threading.Lock()
_used: dict[tuple[str, int], int] = {}


def _window(token: str) -> tuple[str, int]:
    return hashlib.sha256(token.encode()).hexdigest(), clock.now_ms() // 1000 // HOUR_S


def _spend(token: str, costs: int) -> int:
    key = _window(token)
    with _lock:
        for old in [one for one in _used if one[1] < key[1]]:
            del _used[old]
        _used[key] = _used.get(key, 0) + costs
        return _used[key]


def is_over(token: str) -> bool:
    """Whether a token has used up its hour."""
    return _spend(token, 0) > LIMIT


def headers(token: str, *, costs: int) -> dict[str, str]:
    """Count a call and say what is left."""
    rate = _rate(_spend(token, costs))
    return {f"x-ratelimit-{name}": str(value) for name, value in rate.items()} | {
        "x-ratelimit-resource": "core"
    }


def _rate(used: int) -> Json:
    reset = (clock.now_ms() // 1000 // HOUR_S + 1) * HOUR_S
    return {"limit": LIMIT, "remaining": max(0, LIMIT - used), "reset": reset, "used": used}


@routes.get("/rate_limit")
def show(call: Call) -> Response:
    """What is left, for free."""
    rate = _rate(_spend(call.request.bearer(), 0))
    search = rate | {"limit": 30, "remaining": 30, "used": 0}
    body: Json = {"resources": {"core": rate, "search": search}}
    if call.request.headers.get("x-github-api-version") != "2026-03-10":
        body["rate"] = rate
    return as_json(body)
