"""HTTP by hand: what a well-behaved client library would refuse to send."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """A running web process and how to talk to it."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    headers: list[str] = field(default_factory=lambda: ["Host: localhost"])

    def connect(self, timeout: float = 10) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout)

    def is_up(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()
        try:
            return self.get("/livez").status == 200
        except OSError:
            return False

    def get(self, target: str, *headers: str) -> Answer:
        return self.send(f"GET {target} HTTP/1.1", *headers)

    def post(self, target: str, body: bytes, *headers: str) -> Answer:
        return self.send(
            f"POST {target} HTTP/1.1", f"Content-Length: {len(body)}", *headers, body=body
        )

    def send(self, *lines: str, body: bytes = b"") -> Answer:
        return self.send_raw(request(*lines[:1], *self.headers, *lines[1:]) + body)

    def send_raw(self, data: bytes) -> Answer:
        with self.connect() as client:
            client.sendall(data)
            return read_answer(client)


def request(*lines: str) -> bytes:
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def read_answer(client: socket.socket) -> Answer:
    """One response with a Content-Length or in chunks."""
    with client.makefile("rb") as stream:
        status = int(stream.readline().split()[1])
        headers = dict(_headers(stream))
        if headers.get("transfer-encoding") == "chunked":
            body = b"".join(_chunks(stream))
        else:
            body = stream.read(int(headers.get("content-length", 0)))
    return Answer(status, headers, body)


def _headers(stream: Any) -> Iterator[tuple[str, str]]:
    while line := stream.readline().strip():
        name, _, value = line.decode().partition(":")
        yield name.lower(), value.strip()


def _chunks(stream: Any) -> Iterator[bytes]:
    while size := int(stream.readline() or b"0", 16):
        yield stream.read(size)
        stream.readline()


@contextmanager
def serving(app: str, folder: Path, **environment: str) -> Iterator[Server]:
    """Run the web process on a free port until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(2048)
        log = folder / "server.log"
        with log.open("wb") as out:
            process = subprocess.Popen(
                [
                    *(sys.executable, "-m", "agentmesh_release.core.edge"),
                    *("--fd", str(listening.fileno()), "--app", app),
                ],
                env={**os.environ, **environment},
                pass_fds=[listening.fileno()],
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        server = Server(listening.getsockname()[1], process, log)
    try:
        wait_until(server.is_up, 20)
        yield server
    finally:
        process.terminate()
        try:
            process.wait(15)
        finally:
            process.kill()


def wait_until(is_so: Any, seconds: float = 5) -> None:
    """Return once it is so; raises AssertionError when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return
        time.sleep(0.02)
    raise AssertionError(f"It was not so within {seconds} s.")
