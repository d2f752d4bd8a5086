"""Webhooks: where they come in, and the page on which they are looked through."""

from datetime import datetime
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db.models import Max, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from .. import incoming, pages
from ..access import acting, permitted, public
from ..incoming import Source, sources
from ..models.incoming_webhook import IncomingWebhook, WebhookRefusal
from ..paging import page_of
from ..refusals import Refused
from ..registries import show_panels

FILTERS = ("state", "event", "q")
SHOWN_BYTES = 200_000


@csrf_exempt
@require_POST
@public
def receive(request: HttpRequest, source: str) -> HttpResponse:
    """Take one in: 202 when it is stored, or was before; otherwise why not, in plain text."""
    try:
        known = _source(source)
        incoming.receive(known, request.headers, _body(request, known))
    except Refused as refusal:
        return _plain(refusal.sentence, refusal.status)
    return _plain("Stored; it is applied in a moment.", 202)


def _source(name: str) -> Source:
    if name not in sources:
        raise Refused("no_such_source", "Nobody sends webhooks to this address.", status=404)
    return sources.get(name)


def _body(request: HttpRequest, source: Source) -> bytes:
    """The raw body, read only when it may be as long as it says."""
    length = request.META.get("CONTENT_LENGTH", "")
    if not length.isdecimal():
        raise Refused("no_length", "Send the body with a Content-Length.", status=411)
    if int(length) > source.cap_bytes:
        sentence = f"The body is too large: at most {source.cap_bytes:,} bytes are accepted."
        raise Refused("too_large", sentence, status=413)
    return request.body


def _plain(sentence: str, status: int) -> HttpResponse:
    return HttpResponse(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")


@require_GET
@permitted("webhooks.read")
def webhooks(request: HttpRequest) -> HttpResponse:
    """What came in, newest first; filters are in the URL."""
    chosen = {name: request.GET.get(name, "").strip()[:120] for name in FILTERS}
    context = {
        "page": page_of(_filtered(chosen), request),
        "chosen": chosen,
        "is_filtered": any(chosen.values()),
        "states": IncomingWebhook.State.choices,
        "doors": _doors(),
        "panels": show_panels("webhooks", request),
    }
    return pages.render(request, "core/webhooks.html", context)


def _filtered(chosen: dict[str, str]) -> QuerySet[IncomingWebhook]:
    rows = IncomingWebhook.objects.defer("body")
    if chosen["state"]:
        rows = rows.filter(state=chosen["state"])
    if chosen["event"]:
        rows = rows.filter(event=chosen["event"])
    if chosen["q"]:
        rows = rows.filter(about__icontains=chosen["q"])
    return rows


def _doors() -> list[dict[str, Any]]:
    """For each source: the address to enter there, the secret's name, and what came."""
    newest = dict(
        IncomingWebhook.objects.order_by().values_list("source").annotate(newest=Max("received_at"))
    )
    refused = WebhookRefusal.objects.in_bulk()
    return [_door(source, newest.get(source.name), refused.get(source.name)) for source in sources]


def _door(
    source: Source, newest_at: datetime | None, refused: WebhookRefusal | None
) -> dict[str, Any]:
    return {
        "source": source,
        "address": settings.BASE_URL.rstrip("/") + reverse("webhook-door", args=[source.name]),
        "is_set_up": bool(source.secrets()),
        "newest_at": newest_at,
        "refused": refused,
    }


@require_GET
@permitted("webhooks.read")
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """One of them, with its body as text."""
    row = get_object_or_404(IncomingWebhook, pk=pk)
    text = (
        bytes(row.body[:SHOWN_BYTES])
        .decode("utf-8", "replace")
        .replace("\0", "\N{SYMBOL FOR NULL}")
    )
    context = {"webhook": row, "text": text, "is_cut": row.size > SHOWN_BYTES}
    return pages.render(request, "core/webhook.html", context)


@require_POST
@permitted("webhook.replay")
def replay(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it applied once more."""
    row = get_object_or_404(IncomingWebhook.objects.defer("body"), pk=pk)
    incoming.replay(row, by=acting(request))
    messages.success(request, f"{row.event} is applied again; what it names is read in a moment.")
    return redirect("webhooks")
