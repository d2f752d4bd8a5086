"""What runs beside the requests, from the server's start to its end."""

import asyncio
import resource
import signal
import threading
from collections.abc import Callable, Sequence
from types import FrameType
from typing import Any, Protocol

from .messages import Receive, Send

_FILES = 16_384  # streams and connections; the usual soft limit of 1,024 is a thousand browsers


class Lifetime(Protocol):
    """A part that is started with the server and stopped with it.

    `stop` is called twice: when the server is told to stop (so that streams end, for which the
    server would wait), and when it has stopped.
    """

    def start(self) -> None: ...

    def stop(self) -> None: ...


async def follow(parts: Sequence[Lifetime], receive: Receive, send: Send) -> None:
    """Speak ASGI's lifespan protocol for these parts."""
    await receive()

    def stop() -> None:
        for part in parts:
            part.stop()

    _raise_file_limit()
    for part in parts:
        part.start()
    _on_stop_signal(stop)
    await send({"type": "lifespan.startup.complete"})
    await receive()
    stop()
    await send({"type": "lifespan.shutdown.complete"})


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _on_stop_signal(stop: Callable[[], None]) -> None:
    """Call `stop` as soon as the server is told to end, before it waits for its connections."""
    if threading.current_thread() is not threading.main_thread():
        return
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def told(number: int, frame: FrameType | None, before: Any = before) -> None:
            loop.call_soon_threadsafe(stop)
            if callable(before):
                before(number, frame)

        signal.signal(number, told)
