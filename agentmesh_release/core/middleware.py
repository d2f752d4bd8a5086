"""Refusals become answers here, and a person's refused attempt becomes an audit event."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from . import audit, pages
from .actors import Actor
from .problems import is_for_programs, problem
from .refusals import Refused


class RefusalMiddleware:
    """Answers a Refused that a view let through: a page, a fragment, or problem+json (RFC 9457)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, Refused):
            return None
        note_refusal(request, error)
        return answer(request, error)


def note_refusal(request: HttpRequest, refusal: Refused) -> None:
    """Write who tried what into the audit log; a stranger is not noted."""
    if request.user.is_authenticated:
        note_attempt(request, refusal, Actor.person(request.user))


def note_attempt(request: HttpRequest, refusal: Refused, actor: Actor) -> None:
    """Write into the audit log that this actor tried this; reading is not noted."""
    if request.method in ("GET", "HEAD"):
        return
    match = request.resolver_match
    audit.record(
        "refused",
        actor=actor,
        label=request.path,
        scope=str(match.kwargs.get("slug", "")) if match else "",
        reason=refusal.sentence,
        data={"code": refusal.code, "view": match.view_name if match else ""},
    )


def answer(request: HttpRequest, refusal: Refused) -> HttpResponse:
    """The refusal's sentence, in the form that was asked for."""
    if is_for_programs(request):
        return problem(refusal.status, refusal.sentence, refusal.code)
    return pages.render(request, "core/refused.html", {"refusal": refusal}, status=refusal.status)
