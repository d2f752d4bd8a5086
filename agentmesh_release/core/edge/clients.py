"""One open live stream, as the hub knows it."""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import uniform
from time import monotonic

_LIFE_S = 3_600.0  # then a stream comes back and is looked at again
_BACKLOG = 32  # chunks

_numbers = count()


@dataclass(eq=False)
class Client:
    """One open stream. `keys` are what can end it (`user:5`, `session:…`, `address:…`).

    It has no timer of its own: a thousand of them are woken at once, and every microsecond counts
    a thousand times.
    """

    keys: tuple[str, ...]
    is_public: bool = False
    hang_up: Callable[[], None] = lambda: None
    chunks: deque[bytes] = field(default_factory=deque)
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    writing_since: float | None = None  # monotonic seconds
    number: int = field(default_factory=lambda: next(_numbers))
    until: float = field(default_factory=lambda: monotonic() + _LIFE_S * uniform(0.9, 1.1))  # noqa: S311

    def tell(self, chunk: bytes) -> None:
        """Add to what it is told next; one that cannot follow is ended."""
        if len(self.chunks) >= _BACKLOG:
            self.end()
        elif chunk:
            self.chunks.append(chunk)
            self.woken.set()

    async def next(self) -> bytes:
        """Wait for something to say; empty when it has ended."""
        await self.woken.wait()
        self.woken.clear()
        chunk = b"".join(self.chunks)
        self.chunks.clear()
        return chunk

    def end(self) -> None:
        self.ended = True
        self.woken.set()
