"""The shapes of ASGI, and how the edge answers when no view does."""

import json
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

from ..problems import API, MEDIA_TYPE, members

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = Iterable[tuple[bytes, bytes]]


ABORT = "agentmesh.abort"  # in a scope: closes the connection without waiting for its buffer


class Unacceptable(Exception):
    """A request that goes no further: the status and the sentence that answer it."""

    def __init__(self, status: int, sentence: str, *, headers: Headers = ()) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.headers = tuple(headers)


class Gone(Exception):
    """The client went away; there is nobody to answer."""


async def answer(
    send: Send,
    status: int,
    body: str,
    *,
    headers: Headers = (),
    content_type: bytes = b"text/plain; charset=utf-8",
    more: bool = False,
) -> None:
    """Send one whole response; with `more` its body is complete but the exchange is kept open."""
    data = body.encode()
    fixed = [
        (b"content-type", content_type),
        (b"content-length", b"%d" % len(data)),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*fixed, *headers]})
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def say(
    refusal: Unacceptable, scope: Scope, send: Send, *, headers: Headers, more: bool
) -> None:
    """Answer with the refusal: a sentence, for programs in a problem (RFC 9457)."""
    body, content_type = f"{refusal.sentence}\n", b"text/plain; charset=utf-8"
    if scope["path"].startswith(API):
        body = json.dumps(members(refusal.status, refusal.sentence))
        content_type = MEDIA_TYPE.encode()
    await answer(send, refusal.status, body, headers=headers, content_type=content_type, more=more)


def only_get(scope: Scope, *also: str) -> None:
    """Raise Unacceptable (405) for any method but GET and those named."""
    if scope["method"] not in ("GET", *also):
        allow = ", ".join(("GET", *also)).encode()
        raise Unacceptable(405, "This address is only read.", headers=[(b"allow", allow)])


def hang_up(scope: Scope) -> None:
    """Cut the connection of a client that does not read; closing it would wait for that client."""
    abort = scope.get(ABORT)
    if abort:
        abort()


async def until_gone(receive: Receive) -> None:
    """Return when the client has gone away; what it still sends is thrown away."""
    while (await receive())["type"] != "http.disconnect":
        pass
