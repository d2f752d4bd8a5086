"""Problems: how a program is told that something went wrong (RFC 9457)."""

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, JsonResponse

API = "/api/v"  # and its number; /api/ itself is a page
_CODES = {413: "too_large"}  # its phrase is not the same in every Python
MEDIA_TYPE = "application/problem+json"


def is_for_programs(request: HttpRequest) -> bool:
    """Whether a program asks, which reads no pages."""
    return request.path.startswith(API)


def members(status: int, detail: str, code: str = "", **more: Any) -> dict[str, Any]:
    """The members of a problem: `detail` is a sentence, `code` is stable and for programs."""
    phrase = HTTPStatus(status).phrase
    return {
        "type": "about:blank",
        "title": phrase,
        "status": status,
        "detail": detail,
        "code": code or _CODES.get(status) or phrase.lower().replace(" ", "_"),
        **more,
    }


def problem(status: int, detail: str, code: str = "", **more: Any) -> JsonResponse:
    """The answer with that problem; a 401 says how to identify oneself (RFC 6750)."""
    told = members(status, detail, code, **more)
    response = JsonResponse(told, status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    if status == HTTPStatus.UNAUTHORIZED:
        response["WWW-Authenticate"] = 'Bearer realm="AgentMesh Release"'
    return response
