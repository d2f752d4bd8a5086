"""Asking once per request what several parts of a page show.

    @once_per_request
    def open_incidents() -> list[Incident]: ...

Outside a request (a worker, a command) it is an ordinary call each time.
"""

from collections.abc import Callable
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from django.http import HttpRequest, HttpResponse

Answer = TypeVar("Answer")

_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


def once_per_request(ask: Callable[[], Answer]) -> Callable[[], Answer]:
    """Keep the answer until the request ends; a request that writes is never answered from it."""

    @wraps(ask)
    def asked() -> Answer:
        answers = _answers.get()
        if answers is None:
            return ask()
        if ask not in answers:
            answers[ask] = ask()
        known: Answer = answers[ask]
        return known

    return asked


class MemoMiddleware:
    """Opens the memory of one reading request, and closes it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        token = _answers.set({} if request.method in ("GET", "HEAD") else None)
        try:
            return self.get_response(request)
        finally:
            _answers.reset(token)
