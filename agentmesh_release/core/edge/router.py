"""The router: guards first, then a native route, else a lane into Django."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .bodies import Intake
from .guards import Policy, admit
from .lanes import Lane
from .lifetime import Lifetime, follow
from .messages import App, Gone, Receive, Scope, Send, Unacceptable, say
from .paths import longest_prefix

_LINGER_S = 5.0


@dataclass
class Router:
    """The ASGI application of the house.

    `native` maps a path (or, ending in `/`, all below it) to an ASGI app that answers without
    Django; `lanes` maps path prefixes to their lane, `""` being everybody else's.
    """

    policy: Policy
    native: Mapping[str, App]
    lanes: Mapping[str, Lane]
    lifetimes: Sequence[Lifetime] = ()
    intake: Intake = field(default_factory=Intake)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await follow(self.lifetimes, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self._http(scope, receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._route(scope, receive, send)
        except Gone:
            return
        except Unacceptable as refusal:
            await _refuse(refusal, scope, receive, send)

    async def _route(self, scope: Scope, receive: Receive, send: Send) -> None:
        admitted = admit(scope, self.policy)
        path = admitted.scope["path"]
        native = self._native(path)
        if native:
            await native(admitted.scope, receive, send)
            return
        lane = self.lanes[longest_prefix(path, self.lanes) or ""]
        async with self.intake.body(receive, admitted.length) as body:
            await lane.serve(admitted.scope, body, receive, send)

    def _native(self, path: str) -> App | None:
        below = longest_prefix(path, [prefix for prefix in self.native if prefix.endswith("/")])
        return self.native.get(path) or self.native.get(below or "")


async def _refuse(refusal: Unacceptable, scope: Scope, receive: Receive, send: Send) -> None:
    """Say why, then listen on for a moment.

    Closing while the client still sends would reset the connection, and it would never read the
    sentence. What arrives meanwhile is thrown away.
    """
    sends_body = any(
        name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"]
    )
    headers = [*refusal.headers, (b"connection", b"close")] if sends_body else refusal.headers
    await say(refusal, scope, send, headers=headers, more=sends_body)
    if sends_body:
        await _linger(receive)
        await send({"type": "http.response.body", "body": b""})


async def _linger(receive: Receive) -> None:
    async def whole_body() -> None:
        while True:
            message = await receive()
            if message["type"] == "http.disconnect" or not message.get("more_body"):
                return

    try:
        async with asyncio.timeout(_LINGER_S):
            await whole_body()
    except TimeoutError:
        return
