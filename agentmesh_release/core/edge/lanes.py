"""Lanes into Django: each a bounded pool of threads with its own persistent database connections.

What on-call needs has a lane of its own, so that slow pages cannot keep anyone from a switch.
A thread is never held by a client: bodies are read before (`bodies`), and what a view says is
queued for clients that read slowly.
"""

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator
from time import monotonic
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication
from wsgiref.util import FileWrapper

from a2wsgi import WSGIMiddleware

from .bodies import replay
from .messages import Gone, Message, Receive, Scope, Send, Unacceptable, hang_up, until_gone
from .proxies import FORWARDED

STREAM_S = 2.0  # no view streams for longer (DESIGN: the processes)
_QUEUED_CHUNKS = 1_000
_CHUNK = 64 * 1024
_SLOWEST_WRITE_S = 30.0

log = logging.getLogger(__name__)


class StreamTooLong(Exception):
    """A view streamed for longer than `STREAM_S`; its response was cut off."""


class Outlet:
    """Sends to a client that may read slowly or be gone; after that it swallows what is said."""

    def __init__(self, scope: Scope, send: Send) -> None:
        self._scope = scope
        self._send = send
        self.said = False
        self._gone = False

    async def __call__(self, message: Message) -> None:
        if self._gone:
            return
        self.said = True
        try:
            async with asyncio.timeout(_SLOWEST_WRITE_S):
                await self._send(message)
        except TimeoutError:
            self._gone = True
            hang_up(self._scope)


class Lane:
    """Runs `app` on at most `threads` threads; `queue` requests wait for at most `wait_s`."""

    def __init__(
        self, app: WSGIApplication, *, threads: int, queue: int = 64, wait_s: float = 2.0
    ) -> None:
        self._app = app
        run: Any = self._run  # a2wsgi has its own types for WSGI
        self._bridge: Any = WSGIMiddleware(run, workers=threads, send_queue_size=_QUEUED_CHUNKS)
        self._slots = asyncio.Semaphore(threads)
        self._queue = queue
        self._wait_s = wait_s
        self._waiting = 0

    async def serve(self, scope: Scope, body: bytes, receive: Receive, send: Send) -> None:
        """Answer from the app; raises Unacceptable (503) when no thread came free, or Gone."""
        await self._enter(receive)
        outlet = Outlet(scope, send)
        inside = {**scope, "agentmesh.leave": self._leaver(asyncio.get_running_loop())}
        try:
            await self._bridge(inside, replay(body), outlet)
        except StreamTooLong:
            log.error("%s %s was cut off after %g s.", scope["method"], scope["path"], STREAM_S)
        except Exception as error:
            log.exception("%s %s failed outside of any view.", scope["method"], scope["path"])
            if not outlet.said:
                raise Unacceptable(500, "Something went wrong here; it was logged.") from error

    async def _enter(self, receive: Receive) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        if self._waiting >= self._queue:
            raise _busy()
        self._waiting += 1
        try:
            await self._acquire_unless_gone(receive)
        finally:
            self._waiting -= 1

    async def _acquire_unless_gone(self, receive: Receive) -> None:
        slot = asyncio.ensure_future(self._slots.acquire())
        gone = asyncio.ensure_future(until_gone(receive))
        try:
            await asyncio.wait(
                (slot, gone), timeout=self._wait_s, return_when=asyncio.FIRST_COMPLETED
            )
        finally:
            left = gone.done()
            gone.cancel()
            got = slot.done() or not slot.cancel()
        if got and left:
            self._slots.release()
        if left:
            raise Gone
        if not got:
            raise _busy()

    def _leaver(self, loop: asyncio.AbstractEventLoop) -> Callable[[], object]:
        return lambda: loop.call_soon_threadsafe(self._slots.release)

    def _run(self, environ: dict[str, Any], start_response: StartResponse) -> Iterator[bytes]:
        """The app as one of the lane's threads runs it."""
        scope = environ["asgi.scope"]
        environ[FORWARDED] = scope[FORWARDED]
        environ["wsgi.file_wrapper"] = _file_wrapper
        try:
            yield from _within(self._app(environ, start_response))
        finally:
            scope["agentmesh.leave"]()


def _busy() -> Unacceptable:
    return Unacceptable(
        503, "All hands are busy just now; try again in a moment.", headers=[(b"retry-after", b"2")]
    )


def _within(chunks: Iterable[bytes]) -> Iterator[bytes]:
    first_at = None
    try:
        for chunk in chunks:
            yield chunk
            first_at = first_at or monotonic()
            if monotonic() - first_at > STREAM_S:
                raise StreamTooLong
    finally:
        close = getattr(chunks, "close", None)
        if close:
            close()


def _file_wrapper(file: Any, _block_size: int = 0) -> FileWrapper:
    """Files leave in larger pieces than Django's 4 KB: each piece is one hop between threads."""
    return FileWrapper(file, _CHUNK)
