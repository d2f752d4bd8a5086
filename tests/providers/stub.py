"""A small real HTTP server for tests, on a raw socket so that it can misbehave as real ones do."""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

CERTIFICATE = Path(__file__).parent / "tls" / "server.crt"
_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
_TLS.load_cert_chain(CERTIFICATE, CERTIFICATE.with_suffix(".key"))


@dataclass(frozen=True)
class Seen:
    """One request as it arrived. `path` is decoded, `raw_path` is not."""

    method: str
    path: str
    raw_path: str
    query: dict[str, str]
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True))


# What a test puts in: bytes to send before the connection is closed, or a function that does the
# talking itself; True from it keeps the connection open for another request.
Talk = Callable[[socket.socket, Seen], bool]


def reply(
    data: object = None, status: int = 200, body: bytes | None = None, **headers: str
) -> Talk:
    """An ordinary answer; underscores in header names stand for hyphens."""
    content = json.dumps(data).encode() if body is None else body

    def talk(sock: socket.socket, _seen: Seen) -> bool:
        lines = {"date": formatdate(usegmt=True), "content-type": "application/json"}
        lines |= {name.replace("_", "-"): value for name, value in headers.items()}
        lines.setdefault("content-length", str(len(content)))
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        sock.sendall(f"HTTP/1.1 {status} X\r\n{head}\r\n".encode() + content)
        return True

    return talk


def raw(data: bytes) -> Talk:
    """Exactly these bytes, then the end."""

    def talk(sock: socket.socket, _seen: Seen) -> bool:
        sock.sendall(data)
        return False

    return talk


def drip(data: bytes, every_s: float, lasting_s: float = 5.0) -> Talk:
    """One byte at a time."""

    def talk(sock: socket.socket, _seen: Seen) -> bool:
        ends = time.monotonic() + lasting_s
        for byte in data:
            if time.monotonic() > ends:
                break
            sock.sendall(bytes([byte]))
            time.sleep(every_s)
        return False

    return talk


def hang(lasting_s: float) -> Talk:
    """Accept, and say nothing."""

    def talk(_sock: socket.socket, _seen: Seen) -> bool:
        time.sleep(lasting_s)
        return False

    return talk


@dataclass
class Stub:
    """Answers from `queue` first, then by path from `routes`, then as `otherwise` says (404).
    Records what it saw. With `tls` it speaks TLS under the certificate CERTIFICATE."""

    queue: deque[Talk] = field(default_factory=deque)
    routes: dict[str, Callable[[Seen], Talk]] = field(default_factory=dict)
    seen: list[Seen] = field(default_factory=list)
    otherwise: Callable[[Seen], Talk] = lambda _seen: reply({"message": "Not Found"}, 404)

    tls: bool = False

    def __post_init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: list[socket.socket] = []
        self._threads = [threading.Thread(target=self._accept, daemon=True)]
        self._threads[0].start()

    @property
    def port(self) -> int:
        return int(self._listener.getsockname()[1])

    @property
    def url(self) -> str:
        return f"{'https' if self.tls else 'http'}://127.0.0.1:{self.port}"

    def say(self, *answers: Talk) -> None:
        """Answer the next requests with these, in order."""
        self.queue.extend(answers)

    def route(self, path: str, *answers: Talk) -> None:
        """Answer a path with these in order, the last one for ever."""
        left = list(answers)
        self.routes[path] = lambda _seen: left.pop(0) if len(left) > 1 else left[0]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            self._open.append(sock)
            thread = threading.Thread(target=self._serve, args=(sock,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, bare: socket.socket) -> None:
        with bare:
            try:
                with _TLS.wrap_socket(bare, server_side=True) if self.tls else bare as sock:
                    self._converse(sock)
            except OSError:
                return

    def _converse(self, sock: socket.socket) -> None:
        with sock.makefile("rb") as stream:
            for seen in _requests(stream.readline, stream.read):
                self.seen.append(seen)
                if not self._talk(seen)(sock, seen):
                    return

    def _talk(self, seen: Seen) -> Talk:
        if self.queue:
            return self.queue.popleft()
        return self.routes.get(seen.path, self.otherwise)(seen)

    def close(self) -> None:
        """Serve nobody any more; what had come by then is in `seen`."""
        self._listener.close()
        for sock in self._open:
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue
        for thread in self._threads[1:]:
            thread.join(3)


def _requests(readline: Callable[[], bytes], read: Callable[[int], bytes]) -> Iterator[Seen]:
    while line := readline():
        method, target, _ = (line.decode("latin-1") + "  ").split(" ", 2)
        headers: dict[str, str] = {}
        while (header := readline().decode("latin-1").strip()) != "":
            name, _, value = header.partition(":")
            headers[name.lower()] = value.strip()
        body = read(int(headers.get("content-length", "0")))
        parts = urlsplit(target)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        yield Seen(method, unquote(parts.path), parts.path, query, headers, body)
