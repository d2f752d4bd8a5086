"""Error pages: what happened, in a sentence, and where to go from there.

Set as `handler400` … `handler500` and `CSRF_FAILURE_VIEW`. The pages for 500 and 503 ask nothing of
the database, nor of the session: they are what is left when those are gone.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.template.loader import render_to_string
from django.utils.cache import patch_vary_headers
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.csrf import requires_csrf_token

from ..problems import is_for_programs, problem

GetResponse = Callable[[HttpRequest], HttpResponse]


@dataclass(frozen=True)
class Trouble:
    """What a page says about a status."""

    word: str
    heading: str
    sentence: str
    state: str = "warning"


TROUBLES = {
    400: Trouble(
        "Not understood",
        "This request makes no sense to us.",
        "Something in the address or the form is not what it should be. Nothing was changed.",
    ),
    403: Trouble(
        "Not yours to see",
        "You may not do this.",
        "Your role does not hold this right. An admin gives roles, under Settings.",
        "held",
    ),
    404: Trouble(
        "Not found",
        "There is nothing at this address.",
        "It may have been renamed, or it never existed.",
        "next",
    ),
    405: Trouble(
        "Not done",
        "This address does not take that kind of request.",
        "Acts are sent from the page that states their consequence. Nothing was changed.",
        "next",
    ),
    409: Trouble(
        "Not done",
        "Something else was quicker.",
        "The thing changed since your page was made. Look again, then decide. "
        "Nothing was changed by you.",
    ),
    500: Trouble(
        "Our fault",
        "This page could not be made.",
        "The mistake is in AgentMesh Release and is in its log. What was already running goes on, "
        "and nothing was half saved.",
        "failed",
    ),
    503: Trouble(
        "Not available",
        "The database does not answer.",
        "Flags, the status data and badges are still served from memory. What runs at the "
        "providers goes on; this page works again as soon as the database does.",
        "failed",
    ),
}
_STALE_FORM = Trouble(
    "Not done",
    "This form was too old to be trusted.",
    "You may have signed in or out since the page was made. Go back, load it again, and send "
    "it once more. Nothing was changed.",
)


def page(
    request: HttpRequest, status: int, trouble: Trouble | None = None, **extra: Any
) -> HttpResponse:
    """The error page of that status: in the frame for who is signed in, plain for others."""
    trouble = trouble or TROUBLES[status]
    if is_for_programs(request):
        return problem(status, f"{trouble.heading} {trouble.sentence}")
    inside = status < 500 and getattr(request, "user", None) and request.user.is_authenticated
    context = {
        **vars(trouble),
        "layout": "base.html" if inside else "public.html",
        "back": _back(request),
        **extra,
    }
    if status >= 500:
        context["frame"] = {"theme": request.COOKIES.get("theme", "")}
        content = render_to_string("core/error.html", context)
    else:
        content = render_to_string("core/error.html", context, request)
    response = HttpResponse(content, status=status)
    patch_vary_headers(response, ["Cookie"])
    return response


@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400, without a word of what came in: it may be hostile."""
    return page(request, 400)


@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return page(request, 403)


@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    return page(request, 404)


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when it was the database that did not answer; asks nothing of the database."""
    if isinstance(sys.exc_info()[1], OperationalError | InterfaceError):
        return unavailable(request)
    return page(request, 500)


def unavailable(request: HttpRequest) -> HttpResponse:
    """503, without the database; asks clients to come again in 5 s."""
    response = page(request, 503)
    response["Retry-After"] = "5"
    return response


def stale_form(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 of the CSRF check."""
    return page(request, 403, _STALE_FORM)


def dress_bare_answers(get_response: GetResponse) -> GetResponse:
    """Middleware: gives a bare 405 its page; `Allow` stays."""

    def answer(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        dressed = page(request, 405)
        dressed["Allow"] = response["Allow"]
        return dressed

    return answer


def _back(request: HttpRequest) -> str:
    came_from = request.headers.get("Referer", "")
    try:
        ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    except Exception:  # noqa: BLE001  a refused Host is no reason to lose the page that says so
        return ""
    return came_from if ours and came_from != request.build_absolute_uri() else ""
