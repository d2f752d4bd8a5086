"""`/live` and `/live/status`: the streams themselves (WHATWG HTML, server-sent events)."""

import asyncio
from dataclasses import dataclass
from random import uniform
from time import time

from django.http import parse_cookie

from . import tickets
from .hub import Client, Hub
from .messages import (
    Message,
    Receive,
    Scope,
    Send,
    Unacceptable,
    hang_up,
    only_get,
    until_gone,
)

HEARTBEAT_S = 15.0
_LIFE_S = 3_600.0  # then it comes back and is looked at again
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
        await _hold(self.hub, Client(ticket.keys), scope, receive, send)


@dataclass(frozen=True)
class LiveStatus:
    """The stream of the public status page; anybody, one topic."""

    hub: Hub

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        only_get(scope)
        address = (scope.get("client") or ("unknown", 0))[0]
        client = Client((f"address:{address}",), is_public=True)
        await _hold(self.hub, client, scope, receive, send)


async def _hold(hub: Hub, client: Client, scope: Scope, receive: Receive, send: Send) -> None:
    hub.join(client)
    watch = asyncio.ensure_future(until_gone(receive))
    watch.add_done_callback(lambda _: client.end())
    life = asyncio.get_running_loop().call_later(_LIFE_S * uniform(0.9, 1.1), client.end)  # noqa: S311
    try:
        await _speak(client, _patient(send, hub.patience_s))
    except TimeoutError:  # too slow to follow; it comes back and reads everything again
        hang_up(scope)
        await asyncio.wait([watch], timeout=1)
    finally:
        hub.leave(client)
        life.cancel()
        watch.cancel()


async def _speak(client: Client, send: Send) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": _HEADERS})
    chunk = b"retry: %d\n\n" % _RETRY_MS
    while not client.ended:
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
        chunk = await _next(client)
    await send({"type": "http.response.body", "body": b""})


async def _next(client: Client) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT_S):
            await client.woken.wait()
    except TimeoutError:
        return b":\n\n"
    client.woken.clear()
    chunk = b"".join(client.chunks)
    client.chunks.clear()
    return chunk


def _patient(send: Send, patience_s: float) -> Send:
    async def patient(message: Message) -> None:
        async with asyncio.timeout(patience_s):
            await send(message)

    return patient


def _cookie(scope: Scope, name: str) -> str:
    lines = [value.decode("latin-1") for header, value in scope["headers"] if header == b"cookie"]
    return parse_cookie("; ".join(lines)).get(name, "")


_HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    (b"x-content-type-options", b"nosniff"),
]
