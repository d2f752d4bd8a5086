"""What is asked of a provider: one call as a value, and the parts of it that must be checked."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from requests import PreparedRequest

from agentmesh_release.providers.errors import ProviderError

Param = str | int | float | bool | None
READS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True)
class Ask:
    """One call. In: method, path below the base URL (or a whole URL of the same origin), query,
    a JSON or form body, or raw `content` with its media type, extra headers; whether a repetition
    is harmless (reads always are); whether the answer is JSON. `expect` holds the statuses that are
    answers, not errors."""

    method: str
    path: str
    params: Mapping[str, Param] = field(default_factory=dict)
    json: object = None
    form: Mapping[str, Param] | None = None
    content: bytes | None = None
    media_type: str = "application/octet-stream"
    headers: Mapping[str, str] = field(default_factory=dict)
    repeatable: bool = False
    parse: bool = True
    expect: frozenset[int] = frozenset({200})

    @property
    def writes(self) -> bool:
        """Whether doing it twice could matter."""
        return self.method not in READS and not self.repeatable

    def prepare(
        self, url: str, params: Mapping[str, Param], headers: Mapping[str, str]
    ) -> PreparedRequest:
        """The request to send to `url`, with the client's headers below the call's own."""
        merged = {"Accept-Encoding": "gzip", **headers, **self.headers}
        body: bytes | Mapping[str, str] | None = None
        if self.json is not None:
            body = jsonlib.dumps(self.json, allow_nan=False).encode()
            merged["Content-Type"] = "application/json"
        elif self.form is not None:
            body = _texts(self.form)
        elif self.content is not None:
            body = self.content
            merged["Content-Type"] = self.media_type
        request = PreparedRequest()
        request.prepare(self.method, url, merged, data=body, params=_texts(params))
        return request


def _texts(params: Mapping[str, Param]) -> dict[str, str]:
    return {
        key: str(value).lower() if isinstance(value, bool) else str(value)
        for key, value in params.items()
        if value is not None
    }


def origin(url: str) -> tuple[str, str, int | None]:
    """Scheme, host and port: where a token may go."""
    parts = urlsplit(url)
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port


def checked_base(vendor: str, url: str) -> str:
    """A base URL without its last slash; a permanent ProviderError when it cannot be one."""
    try:
        parts = urlsplit(url)
        usable = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        usable = False
    if not usable or parts.query or parts.fragment:
        raise ProviderError(f"{vendor}'s address must be an http(s) URL without a query.", True)
    if parts.username is not None:
        raise ProviderError(
            f"{vendor}'s address must not carry a password: give it as a secret.", permanent=True
        )
    return url.rstrip("/")


def checked_headers(vendor: str, headers: Mapping[str, str]) -> dict[str, str]:
    """The same headers; a token that cannot be sent would be quoted by the error that it causes,
    so it is refused here, unquoted."""
    for value in headers.values():
        if not (value.isascii() and value.isprintable() and value == value.strip()):
            raise ProviderError(
                f"{vendor}'s token holds a space at an end, a line break or another character that "
                "cannot be sent; paste it again.",
                permanent=True,
            )
    return dict(headers)
