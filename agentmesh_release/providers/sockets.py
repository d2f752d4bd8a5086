"""Connections that end in time: every dial, handshake and read is cut at the call's deadline.

A read timeout alone lets a server that drips one byte a second hold a worker for hours. Here each
single read gets what is left of the whole call, for headers and body alike.
"""

from __future__ import annotations

import http.client
import io
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError

from agentmesh_release.providers.addresses import AddressGuard, resolve


@dataclass(frozen=True)
class Timeouts:
    """Seconds: to connect, between two reads, and for a whole call with its retries."""

    connect_s: float = 3.0
    read_s: float = 10.0
    total_s: float = 30.0


@dataclass(frozen=True)
class _Call:
    deadline: float
    timeouts: Timeouts
    guard: AddressGuard | None

    def at_most(self, seconds: float) -> float:
        """`seconds`, or what is left of the call; TimeoutError when nothing is."""
        left = self.deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("the call's deadline has passed")
        return min(seconds, left)


_current = threading.local()


@contextmanager
def calling(deadline: float, timeouts: Timeouts, guard: AddressGuard | None) -> Iterator[None]:
    """Bind this thread's connections to a deadline (`time.monotonic()`) and a guard."""
    _current.call = _Call(deadline, timeouts, guard)
    try:
        yield
    finally:
        del _current.call


def _call() -> _Call:
    call = getattr(_current, "call", None)
    if not isinstance(call, _Call):
        raise RuntimeError("a provider connection was used outside of a call")
    return call


class _PacedReader(io.RawIOBase):
    """Reads from the socket's own stream, never longer than the call may still take."""

    def __init__(self, raw: io.RawIOBase, sock: socket.socket) -> None:
        super().__init__()
        self._raw, self._sock = raw, sock

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        call = _call()
        self._sock.settimeout(call.at_most(call.timeouts.read_s))
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _PacedResponse(http.client.HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp = io.BufferedReader(_PacedReader(self.fp.detach(), sock))


def _dial(connection: HTTPConnection) -> socket.socket:
    """Resolve, let the guard check, and connect to exactly what was checked."""
    call, host, port = _call(), connection.host, connection.port or connection.default_port
    try:
        endpoints = resolve(host, port, call.at_most(call.timeouts.connect_s))
    except TimeoutError as error:
        raise ConnectTimeoutError(connection, str(error)) from None
    except OSError as error:
        raise NameResolutionError(host, connection, error) from None  # type: ignore[arg-type]
    if call.guard is not None:
        endpoints = call.guard.check(host, endpoints)
    last: OSError = OSError("the name has no addresses")
    for endpoint in endpoints:
        sock = socket.socket(endpoint.family, socket.SOCK_STREAM)
        try:
            sock.settimeout(call.at_most(call.timeouts.connect_s))
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            sock.connect(endpoint.sockaddr)
        except OSError as error:
            sock.close()
            last = error
        else:
            return sock
    if isinstance(last, TimeoutError):
        raise ConnectTimeoutError(connection, "no connection in time")
    raise NewConnectionError(connection, str(last))


def _pace_sending(connection: HTTPConnection) -> None:
    """Right before bytes leave, see that there is time for it.

    A connection is made first, since that takes time too; a kept one gets a fresh timeout in place
    of the short one of its last read.
    """
    if connection.sock is None:
        connection.connect()
    call = _call()
    connection.sock.settimeout(call.at_most(call.timeouts.read_s))


class _Plain(HTTPConnection):
    response_class = _PacedResponse

    def _new_conn(self) -> socket.socket:
        return _dial(self)

    def send(self, data: Any) -> None:
        _pace_sending(self)
        super().send(data)


class _Tls(HTTPSConnection):
    response_class = _PacedResponse

    def _new_conn(self) -> socket.socket:
        return _dial(self)

    def send(self, data: Any) -> None:
        _pace_sending(self)
        super().send(data)


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _Plain


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _Tls


class PacedAdapter(HTTPAdapter):
    """requests' adapter over such connections; thread-safe, since urllib3's pools are."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}
