"""Gives signed-in people their ticket for `/live`, and ends the streams of a session that ends."""

from collections.abc import Callable
from time import time

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from agentmesh_release.core.live import end_session_streams

from . import tickets

Handler = Callable[[HttpRequest], HttpResponse]


def live_ticket(get_response: Handler) -> Handler:
    """Stands after AuthenticationMiddleware; adds no query to a request that reads no session."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.session.accessed or request.session.modified:
            _end_former_session(request)
            _renew(request, response)
        return response

    return middleware


def _end_former_session(request: HttpRequest) -> None:
    """Sign-out and a changed session key leave the old session's streams without an owner."""
    former = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    if former and request.session.modified and request.session.session_key != former:
        end_session_streams(tickets.session_hash(former))


def _renew(request: HttpRequest, response: HttpResponse) -> None:
    session_key, user = request.session.session_key, request.user
    if session_key and user.is_authenticated:
        response.set_cookie(
            tickets.COOKIE,
            tickets.issue(user.pk, session_key, time()),
            max_age=tickets.LIFETIME_S,
            path=tickets.PATH,
            secure=settings.HTTPS,
            httponly=True,
            samesite="Strict",
        )
    elif request.session.modified:
        response.delete_cookie(tickets.COOKIE, path=tickets.PATH, samesite="Strict")
