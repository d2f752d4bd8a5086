"""Request bodies: how large they may be, and reading one whole before a thread is given to it.

A client that sends slowly costs a coroutine here; behind the seam it would cost a thread.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from .messages import Gone, Message, Receive, Unacceptable
from .paths import longest_prefix

MEGABYTE = 1_000_000
_PATIENCE_S = 10.0
_SLOWEST_BYTES_PER_S = 500_000


@dataclass(frozen=True)
class Caps:
    """The largest body in bytes, by path prefix."""

    default: int = MEGABYTE
    by_prefix: Mapping[str, int] = field(default_factory=dict)

    def of(self, path: str) -> int:
        prefix = longest_prefix(path, self.by_prefix)
        return self.default if prefix is None else self.by_prefix[prefix]


class Intake:
    """Holds the bodies being read or worked on; together they stay below `budget` bytes.

    The last of it, `kept_free`, is for bodies of at most a megabyte: strangers who upload cannot
    keep a switch from being flipped.
    """

    def __init__(self, budget: int = 100 * MEGABYTE, kept_free: int = 20 * MEGABYTE) -> None:
        self._left = budget
        self._kept_free = kept_free

    @asynccontextmanager
    async def body(self, receive: Receive, length: int) -> AsyncIterator[bytes]:
        """The whole body; raises Unacceptable (503 full, 408 slow) or Gone."""
        if length > self._left - (self._kept_free if length > MEGABYTE else 0):
            raise Unacceptable(
                503, "Too many large uploads at once; try again.", headers=[(b"retry-after", b"5")]
            )
        self._left -= length
        try:
            yield await _read(receive, length)
        finally:
            self._left += length


def replay(body: bytes) -> Receive:
    """A `receive` that hands over `body` at once."""

    async def receive() -> Message:
        return {"type": "http.request", "body": body, "more_body": False}

    return receive


async def _read(receive: Receive, length: int) -> bytes:
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE_S + length / _SLOWEST_BYTES_PER_S):
            while len(body) < length:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise Gone
                body += message.get("body", b"")
    except TimeoutError:
        raise Unacceptable(408, "The body came too slowly; send it again.") from None
    return bytes(body)
