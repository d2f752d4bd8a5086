"""One request and one response, and the few shapes in which a response is made."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote

Json = dict[str, Any]
PAGE_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self';"
    " form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}


class BadBody(Exception):
    """The body is not what its content type says."""


@dataclass(frozen=True)
class Request:
    """What a client sent. Header names are lower case; segments are decoded one by one. `broke_off`
    is whether the rest of its body got lost on the way."""

    id: str
    method: str
    path: str
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes
    at_ms: int
    broke_off: bool = False

    @property
    def segments(self) -> list[str]:
        """The path's parts, each percent-decoded: an encoded slash stays inside its part."""
        return [unquote(part) for part in self.path.split("/")[1:]]

    @property
    def origin(self) -> str:
        """The address under which the client reached us (the Host has been checked)."""
        return f"http://{self.headers.get('host', '127.0.0.1')}"

    def first(self, name: str, default: str = "") -> str:
        """The first value of a query parameter."""
        return self.query.get(name, [default])[0]

    def bearer(self) -> str:
        """The token of the Authorization header, or an empty string."""
        scheme, _, token = self.headers.get("authorization", "").partition(" ")
        return token.strip() if scheme.lower() in {"bearer", "token"} else ""

    def json(self) -> Json:
        """The body as a JSON object; an empty body is an empty object. Raises BadBody."""
        if not self.body.strip():
            return {}
        try:
            data = json.loads(self.body)
        except ValueError as error:
            raise BadBody("Problems parsing JSON") from error
        if not isinstance(data, dict):
            raise BadBody("Body should be a JSON object")
        return data

    def form(self) -> dict[str, str]:
        """The body as form fields, the last value of each name. Raises BadBody."""
        try:
            text = self.body.decode()
        except UnicodeDecodeError as error:
            raise BadBody("The form is not UTF-8") from error
        return {name: values[-1] for name, values in parse_qs(text, keep_blank_values=True).items()}


@dataclass(frozen=True)
class Response:
    """What goes back. `headers` come besides Content-Type and Content-Length."""

    status: int
    body: bytes = b""
    content_type: str = "application/json; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)


def as_json(data: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A JSON response; non-ASCII is escaped, so that lone surrogates cannot break the encoding."""
    return Response(status, json.dumps(data).encode(), headers=headers or {})


def as_text(text: str, status: int = 200) -> Response:
    """A plain text response."""
    return Response(status, text.encode(errors="replace"), "text/plain; charset=utf-8")


def as_html(text: str, status: int = 200) -> Response:
    """An HTML page that may load nothing but our own styles and drawings, and run nothing."""
    body = text.encode(errors="replace")
    return Response(status, body, "text/html; charset=utf-8", PAGE_HEADERS)


def nothing(status: int = 204) -> Response:
    """A response without a body."""
    return Response(status, b"", "")


def see_other(location: str) -> Response:
    """After a form: go and look there."""
    return Response(303, b"", "", {"Location": location})
