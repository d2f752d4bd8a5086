"""Which function answers which method and path."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from .sandbox import Sandbox
from .wire import Request, Response


@dataclass(frozen=True)
class Call:
    """One request on its way through a vendor: the sandbox, the request, the path's parameters."""

    sandbox: Sandbox
    request: Request
    params: Mapping[str, str]


Handler = Callable[[Call], Response]


class Routes:
    """A vendor's table. `{name}` matches one segment, `{name...}` all that follow."""

    def __init__(self, prefix: str = "") -> None:
        self.prefix = prefix
        self._rows: list[tuple[str, list[str], Handler]] = []

    def on(self, method: str, pattern: str) -> Callable[[Handler], Handler]:
        """Decorator: this function answers `method` at `prefix + pattern`."""

        def register(handler: Handler) -> Handler:
            self._rows.append((method, (self.prefix + pattern).split("/")[1:], handler))
            return handler

        return register

    def get(self, pattern: str) -> Callable[[Handler], Handler]:
        """Decorator for GET (a HEAD is answered by the same function)."""
        return self.on("GET", pattern)

    def post(self, pattern: str) -> Callable[[Handler], Handler]:
        """Decorator for POST."""
        return self.on("POST", pattern)

    def patch(self, pattern: str) -> Callable[[Handler], Handler]:
        """Decorator for PATCH."""
        return self.on("PATCH", pattern)

    def delete(self, pattern: str) -> Callable[[Handler], Handler]:
        """Decorator for DELETE."""
        return self.on("DELETE", pattern)

    def include(self, other: "Routes") -> None:
        """Take over another table's rows, under this table's prefix."""
        mine = self.prefix.split("/")[1:] if self.prefix else []
        self._rows += [
            (method, mine + pattern, handler) for method, pattern, handler in other._rows
        ]

    def find(self, request: Request) -> tuple[Handler, dict[str, str]] | None:
        """The function for a request and the path's parameters; None when nobody answers."""
        wanted = "GET" if request.method == "HEAD" else request.method
        segments = request.segments
        for method, pattern, handler in self._rows:
            if method == wanted and (params := _match(pattern, segments)) is not None:
                return handler, params
        return None


def _match(pattern: list[str], segments: list[str]) -> dict[str, str] | None:
    params: dict[str, str] = {}
    for position, part in enumerate(pattern):
        if part.endswith("...}"):
            params[part[1:-4]] = "/".join(segments[position:])
            return params
        if position >= len(segments):
            return None
        if part.startswith("{"):
            if not segments[position]:
                return None
            params[part[1:-1]] = segments[position]
        elif part != segments[position]:
            return None
    return params if len(pattern) == len(segments) else None
