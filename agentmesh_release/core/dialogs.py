"""Questions before an act: a page of its own, that JavaScript opens over the page it came from."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from . import pages
from .middleware import note_refusal
from .refusals import Refused

REASON_LIMIT = 2_000  # characters


def ask(
    request: HttpRequest, template: str, context: dict[str, Any], act: Callable[[], str]
) -> HttpResponse:
    """Reading shows the question; posting calls `act` and goes to the URL that it answers.

    A refusal is noted, and shown beside the answers with what was typed still there.
    """
    context["reason"] = request.POST.get("reason", "")
    if request.method != "POST":
        return pages.render(request, template, context)
    try:
        return redirect(act())
    except Refused as refusal:
        note_refusal(request, refusal)
        return pages.render(
            request, template, {**context, "refusal": refusal}, status=refusal.status
        )


def reason_of(request: HttpRequest) -> str:
    """The reason that was typed. Raises Refused (`no_reason`, `long_reason`)."""
    reason = request.POST.get("reason", "").strip()
    if not reason:
        raise Refused("no_reason", "Say why: the reason goes into the audit log.", status=422)
    if len(reason) > REASON_LIMIT:
        raise Refused(
            "long_reason", f"Keep the reason under {REASON_LIMIT} characters.", status=422
        )
    return reason
