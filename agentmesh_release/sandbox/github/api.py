"""GitHub's front door: who may ask, how often, and what has not changed since."""

import hashlib
from collections.abc import Mapping

from ..routing import Call, Routes
from ..sandbox import Sandbox
from ..wire import BadBody, Request, Response, as_json
from . import (
    alerts,
    apps,
    assets,
    branches,
    checks,
    commits,
    compare,
    contents,
    hooks,
    pages,
    pulls,
    ratelimit,
    refs,
    releases,
    repositories,
    reviews,
    statuses,
)
from .doors import NOT_FOUND, Refusal

routes = Routes("/github")
for part in (
    apps,
    repositories,
    branches,
    commits,
    compare,
    contents,
    refs,
    pulls,
    reviews,
    checks,
    statuses,
    assets,
    releases,
    alerts,
    hooks,
    ratelimit,
):
    routes.include(part.routes)

VERSIONS = ("2022-11-28", "2026-03-10")
WORDS = {
    401: "Bad credentials",
    403: "Resource not accessible by integration",
    404: NOT_FOUND,
    429: "You have exceeded a secondary rate limit",
    500: "Server Error",
}


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """An error in GitHub's words."""
    message = WORDS.get(status, "Server Error" if status >= 500 else "Problem")
    if "x-ratelimit-remaining" in headers:
        message = "API rate limit exceeded"
    return Refusal(status, message).response(headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /github; what is no API path is a page for people."""
    if pages.is_page(request):
        return pages.answer(sandbox, request)
    try:
        _check(sandbox, request)
        response = _call(sandbox, request)
    except Refusal as refusal:
        response = refusal.response()
    except BadBody as error:
        response = Refusal(400, str(error)).response()
    return _conditional(request, response)


def _check(sandbox: Sandbox, request: Request) -> None:
    if not request.headers.get("user-agent"):
        raise Refusal(
            403,
            "Request forbidden by administrative rules. Please make sure your "
            "request has a User-Agent header",
        )
    if not request.bearer():
        raise Refusal(401, "Requires authentication")
    apps.of_token(sandbox, request.bearer())
    version = request.headers.get("x-github-api-version", VERSIONS[0])
    if version not in VERSIONS:
        raise Refusal(400, f"Not a valid API version: {version}")


def _call(sandbox: Sandbox, request: Request) -> Response:
    found = routes.find(request)
    if found is None:
        raise Refusal(404, NOT_FOUND)
    handler, params = found
    return handler(Call(sandbox, request, params))


def _conditional(request: Request, response: Response) -> Response:
    """ETag, 304 and the primary rate limit: a 304 does not count (FACTS 1.3)."""
    headers = dict(response.headers)
    if request.method in ("GET", "HEAD") and response.status == 200:
        mark = f'W/"{hashlib.sha256(response.body).hexdigest()}"'
        headers["ETag"] = mark
        if request.headers.get("if-none-match") == mark:
            headers |= ratelimit.headers(request.bearer(), costs=0)
            return Response(304, b"", "", headers)
    costs = 0 if request.path == "/github/rate_limit" or response.status == 401 else 1
    headers |= ratelimit.headers(request.bearer(), costs=costs)
    if ratelimit.is_over(request.bearer()):
        return as_json({"message": "API rate limit exceeded"}, 403, headers)
    return Response(response.status, response.body, response.content_type, headers)
