"""HTTP on the socket: uvicorn's httptools protocol, with the limits that it leaves open."""

import asyncio

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from .messages import ABORT

HEAD_BYTES = 64 * 1024
HEAD_S = 15.0
_LINGER_S = 1.0


class EdgeProtocol(HttpToolsProtocol):
    """Refuses heads (request line and headers) that are endless, or that take for ever to come."""

    _head_bytes = 0
    _in_head = True
    _is_refused = False
    _hurry: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_refused:
            return
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._refuse(431, b"The request's headers are too large.")

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self.scope[ABORT] = self.transport.abort  # type: ignore[literal-required]
        self._await_head()

    def on_headers_complete(self) -> None:
        self._head_came()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head_came()
        self._in_head, self._head_bytes = True, 0
        self._hurry = self.loop.call_later(HEAD_S, self._give_up)

    def _head_came(self) -> None:
        self._in_head = False
        if self._hurry:
            self._hurry.cancel()

    def _give_up(self) -> None:
        if self._head_bytes:
            self._refuse(408, b"The request came too slowly.")
        else:  # browsers open connections ahead of need; those end without a word
            self.transport.close()

    def _refuse(self, status: int, sentence: bytes) -> None:
        if self._is_refused or self.transport.is_closing():
            return
        self.transport.write(
            b"HTTP/1.1 %d Refused\r\ncontent-type: text/plain; charset=utf-8\r\n"
            b"content-length: %d\r\nconnection: close\r\n\r\n%s\n"
            % (status, len(sentence) + 1, sentence)
        )
        # Closing at once, with data of theirs unread, would reset the connection before they read.
        self._is_refused = True
        self.loop.call_later(_LINGER_S, self.transport.close)

    def _unsupported_upgrade_warning(self) -> None:
        """Anyone may ask for another protocol; that is no news for the log."""
