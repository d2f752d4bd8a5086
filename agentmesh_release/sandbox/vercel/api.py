"""Vercel's front door: the token, the table of routes, the words of a refusal."""

from collections.abc import Mapping

from ..routing import Call, Routes
from ..sandbox import Sandbox
from ..wire import BadBody, Request, Response, as_json
from . import aliases, builds, events, listing, pages, projects, promotion, rolling, shapes

routes = Routes("/vercel")
for part in (listing, events, projects, promotion, rolling, aliases):
    routes.include(part.routes)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    402: "payment_required",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "unprocessable_entity",
    429: "rate_limited",
}
BUILDS = builds  # its jobs are registered by being imported


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """An error in Vercel's words."""
    message = "Too many requests" if status == 429 else "An error that the control page asked for"
    code = CODES.get(status, "internal_server_error")
    return as_json(shapes.error(code, message), status, headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /vercel; what is no API path is a page for people."""
    if pages.is_page(request):
        return pages.answer(sandbox, request)
    if not request.bearer():
        return as_json(shapes.error("unauthorized", "Not authorized"), 401)
    found = routes.find(request)
    if found is None:
        return as_json(shapes.error("not_found", "The requested resource does not exist"), 404)
    handler, params = found
    try:
        return handler(Call(sandbox, request, params))
    except BadBody as error:
        return as_json(shapes.error("bad_request", str(error)), 400)
