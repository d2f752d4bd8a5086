"""A browser's end of a live stream, by hand."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, time

from agentmesh_release.core.edge import tickets
from tests.core.edge.wire import Server, request


class Stream:
    """Reads server-sent events from an open response."""

    def __init__(self, client: socket.socket) -> None:
        self._client = client
        self._text = ""
        head = self._until("\r\n\r\n")
        self.status = int(head.split()[1])
        self.head = head.lower()

    def events(self, seconds: float = 1.0, until: str = "\0") -> list[str]:
        """The events that arrive in that time, as `name data`; ends early after `until`."""
        deadline, seen = monotonic() + seconds, list(self._parse())
        while until not in seen and (left := deadline - monotonic()) > 0:
            if not self._read(left):
                break
            seen += self._parse()
        return seen

    def is_ended(self, within_s: float = 1.0) -> bool:
        """Whether the server ends the stream in that time."""
        deadline = monotonic() + within_s
        while (left := deadline - monotonic()) > 0:
            if not self._read(left):
                return "\r\n0\r\n\r\n" in self._text or self._text == "closed"
            if self._text.endswith("\r\n0\r\n\r\n"):
                return True
        return False

    def _parse(self) -> Iterator[str]:
        while "event: " in self._text:
            _, _, rest = self._text.partition("event: ")
            event, end, rest = rest.partition("\n\n")
            if not end:
                return
            self._text = rest
            name, _, data = event.partition("\ndata:")
            yield f"{name}{data}".strip()

    def _until(self, end: str) -> str:
        while end not in self._text:
            assert self._read(5), "The server closed the connection."
        text, _, self._text = self._text.partition(end)
        return text

    def _read(self, seconds: float) -> bool:
        self._client.settimeout(max(seconds, 0.001))
        try:
            data = self._client.recv(65536)
        except TimeoutError:
            return False
        if not data:
            self._text = "closed"
            return False
        self._text += data.decode()
        return True


def ticket(user_id: int, session: str = "a session", age_s: float = 0) -> str:
    """A header with a ticket for that person."""
    return f"Cookie: other=1; live={tickets.issue(user_id, session, time() - age_s)}"


@contextmanager
def stream(house: Server, *headers: str, path: str = "/live") -> Iterator[Stream]:
    with house.connect() as client:
        client.sendall(request(f"GET {path} HTTP/1.1", "Host: localhost", *headers))
        yield Stream(client)
