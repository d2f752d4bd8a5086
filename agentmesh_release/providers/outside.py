"""Calls to addresses that people typed in: webhooks, health checks, status pages."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from urllib.parse import urlsplit

from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.answers import Answer, Vendor
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.http import Http, Timeouts

ANSWERED = frozenset(range(200, 300))


class Outside:
    """Reaches what the guard admits, over https, without redirects, with a small answer at most.

    Raises ProviderError; its sentences name the host and never the path, which may be the secret
    of a webhook. Writes are not repeated.
    """

    def __init__(
        self,
        guard: AddressGuard,
        *,
        timeouts: Timeouts | None = None,
        max_bytes: int = 1_000_000,
        ca_file: str | None = None,
    ) -> None:
        self._guard, self._timeouts = guard, timeouts or Timeouts(total_s=10)
        self._max_bytes, self._ca_file = max_bytes, ca_file

    def get(self, url: str, headers: Mapping[str, str] | None = None) -> Answer:
        """Read a page; its bytes are in `body`."""
        return self._ask(url, "GET", None, headers)

    def post(self, url: str, data: object, headers: Mapping[str, str] | None = None) -> Answer:
        """Send JSON once."""
        return self._ask(url, "POST", data, headers)

    def _ask(
        self, url: str, method: str, data: object, headers: Mapping[str, str] | None
    ) -> Answer:
        host = self._guard.check_url(url)
        parts = urlsplit(url)
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        http = Http(
            Vendor(host, secret_paths=True),
            f"{parts.scheme}://{parts.netloc}",
            headers={"User-Agent": "AgentMesh-Release", **(headers or {})},
            timeouts=self._timeouts,
            guard=self._guard,
            ca_file=self._ca_file,
            max_bytes=self._max_bytes,
        )
        with closing(http):
            return http.ask(Ask(method, target, json=data, parse=False, expect=ANSWERED))
