"""Who asks: the bearer of a token, and with which right (RFC 6750).

    @router.get("/switches", **needs("flags:read"))

Cookies count for nothing here, so that no other site can make a browser ask.
"""

from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from .. import tokens
from ..actors import Actor
from ..middleware import note_attempt
from ..models.api_token import ApiToken
from ..models.user import User
from ..refusals import Forbidden
from .attempts import wrong_tokens

RIGHT = "x-right"


class Bearer(HttpBearer):
    """Lets a request through whose token has the right, in the project of the address (`slug`).

    Raises Unauthenticated (401), Forbidden (403, noted in the audit log), TooManyWrong (429).
    """

    def __init__(self, right: str) -> None:
        super().__init__()
        self.right = right

    def authenticate(self, request: HttpRequest, token: str) -> ApiToken:
        address = request.META.get("REMOTE_ADDR", "")
        wrong_tokens.guard(address)
        try:
            known = tokens.authenticate(token.strip(), timezone.now())
        except tokens.Unauthenticated:
            wrong_tokens.note(address)
            raise
        match = request.resolver_match
        try:
            tokens.require(known, self.right, str(match.kwargs.get("slug", "")) if match else "")
        except Forbidden as refusal:
            note_attempt(request, refusal, known.actor)
            raise
        return known


def needs(right: str, **described: Any) -> dict[str, Any]:
    """What an operation that needs this right tells its router, and the OpenAPI document."""
    return {"auth": Bearer(right), "openapi_extra": {RIGHT: right, **described}}


def bearer(request: HttpRequest) -> ApiToken:
    """The token of a request that came through `Bearer`."""
    return cast(ApiToken, request.auth)  # type: ignore[attr-defined]


def acting(request: HttpRequest) -> Actor:
    """The program that asks; its owner is who it asks for."""
    return bearer(request).actor


def owner(request: HttpRequest) -> User:
    """The person in whose name the program asks, with their roles."""
    return bearer(request).owner
