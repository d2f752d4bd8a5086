"""A crowd of browsers, their ends of `/live`, in one process, as cheap as can be."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field


class Stream(asyncio.Protocol):
    """One open stream; notes into `heard` when a stale event arrives (perf_counter seconds)."""

    def __init__(self, header: str, heard: list[float]) -> None:
        self._header = header
        self._heard = heard
        self.is_open = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        request = f"GET /live HTTP/1.1\r\nHost: localhost\r\n{self._header}\r\n\r\n"
        transport.write(request.encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        if b"event: stale" in data:
            self._heard.append(time.perf_counter())
        if not self.is_open.done():
            self.is_open.set_result(data.split(b" ", 2)[1])


@dataclass
class Crowd:
    """`heard` holds the times at which clients heard something since it was last cleared."""

    port: int
    heard: list[float] = field(default_factory=list)
    streams: list[Stream] = field(default_factory=list)

    async def gather(self, clients: int, header: Callable[[int], str]) -> None:
        """Open that many streams, fifty at a time, each with its header."""
        for first in range(0, clients, 50):
            batch = range(first, min(first + 50, clients))
            await asyncio.gather(*(self._open(header(number)) for number in batch))

    async def _open(self, header: str) -> None:
        loop = asyncio.get_running_loop()
        _, stream = await loop.create_connection(
            lambda: Stream(header, self.heard), "127.0.0.1", self.port
        )
        status = await stream.is_open
        if status != b"200":
            raise RuntimeError(f"No stream: {status!r}")
        self.streams.append(stream)

    def leave(self) -> None:
        """Close every stream."""
        for stream in self.streams:
            stream.transport.close()
