"""`/live` and `/live/status`: the streams themselves (WHATWG HTML, server-sent events)."""

import asyncio
from dataclasses import dataclass
from functools import partial
from time import monotonic, time

from django.http import parse_cookie

from . import tickets
from .clients import Client
from .hub import Hub
from .messages import Receive, Scope, Send, Unacceptable, hang_up, only_get, until_gone

_RETRY_MS = 2_000


@dataclass(frozen=True)
class Live:
    """The stream of signed-in people; everything that goes stale."""

    hub: Hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        only_get(scope)
        ticket = tickets.read(_cookie(scope, tickets.COOKIE), time())
        if ticket is None or self.hub.is_revoked(ticket.keys, ticket.issued_at):
            raise Unacceptable(401, "Open a page while signed in; it brings the ticket for this.")
        await _hold(self.hub, Client(ticket.keys, hang_up=partial(hang_up, scope)), receive, send)


@dataclass(frozen=True)
class LiveStatus:
    """The stream of the public status page; anybody, one topic."""

    hub: Hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        only_get(scope)
        key = f"address:{(scope.get('client') or ('unknown', 0))[0]}"
        client = Client((key,), is_public=True, hang_up=partial(hang_up, scope))
        await _hold(self.hub, client, receive, send)


async def _hold(hub: Hub, client: Client, receive: Receive, send: Send) -> None:
    hub.join(client)
    watch = asyncio.ensure_future(until_gone(receive))
    watch.add_done_callback(lambda _: client.end())
    try:
        await _speak(client, send)
    finally:
        hub.leave(client)
        watch.cancel()


async def _speak(client: Client, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    chunk = b"retry: %d\n\n" % _RETRY_MS
    while not client.ended:
        client.writing_since = monotonic()
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        client.writing_since = None
        chunk = await client.next()
    await send({"type": "http.response.body", "body": b""})


def _cookie(scope: Scope, name: str) -> str:
    lines = [value.decode("latin-1") for header, value in scope["headers"] if header == b"cookie"]
    return parse_cookie("; ".join(lines)).get(name, "")


_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
