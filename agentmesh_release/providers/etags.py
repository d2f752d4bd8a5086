"""What was read before, by ETag: GitHub answers an unchanged resource 304, free of quota.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from agentmesh_release.providers import background
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.wire import parse_json

MOST_ON_SHELF = 1_000_000  # bytes


@dataclass(frozen=True)
class Known:
    """One answer kept: its ETag, its headers, its parsed data (or its bytes where they were not
    parsed), and its size on the wire."""

    etag: str
    headers: Mapping[str, str]
    data: object
    body: bytes
    size: int


@dataclass(frozen=True)
class Kept:
    """One answer as it is kept outside the process: its body is as it came."""

    etag: str
    headers: Mapping[str, str]
    body: bytes
    is_json: bool


class Shelf(Protocol):
    """Where answers are kept for other processes and for later ones; it never raises."""

    def take(self, key: str) -> Kept | None:
        """The answer kept under `key`."""

    def put(self, key: str, kept: Kept) -> None:
        """Keep it in place of the one before."""


class EtagCache:
    """Least recently used answers, bounded by count and by bytes on the wire; thread-safe.

    Behind it may stand a shelf, on which background reading keeps what this process may lose.
    """

    def __init__(
        self, entries: int = 4000, total_bytes: int = 16_000_000, shelf: Shelf | None = None
    ) -> None:
        self.entries, self.total_bytes, self.shelf = entries, total_bytes, shelf
        self._lock = threading.Lock()
        self._known: OrderedDict[str, Known] = OrderedDict()
        self._size = 0

    def get(self, key: str) -> Known | None:
        """The answer kept under `key`, now the most recently used."""
        with self._lock:
            known = self._known.get(key)
            if known is not None:
                self._known.move_to_end(key)
                return known
        return self._from_shelf(key)

    def put(self, key: str, known: Known, body: bytes = b"") -> None:
        """Keep an answer, unless it alone would fill an eighth of the cache; `body` as it came."""
        self._remember(key, known)
        if self.shelf is not None and background.is_on() and len(body) <= MOST_ON_SHELF:
            is_json = not known.body
            self.shelf.put(key, Kept(known.etag, known.headers, body, is_json))

    def _from_shelf(self, key: str) -> Known | None:
        if self.shelf is None or not background.is_on():
            return None
        kept = self.shelf.take(key)
        if kept is None:
            return None
        data: object = None
        if kept.is_json:
            try:
                data = parse_json(kept.body, vendor="The shelf", status=200)
            except ProviderError:
                return None
        body = b"" if kept.is_json else kept.body
        known = Known(kept.etag, kept.headers, data, body, len(kept.body))
        self._remember(key, known)
        return known

    def _remember(self, key: str, known: Known) -> None:
        with self._lock:
            self._drop(key)
            if known.size > self.total_bytes // 8:
                return
            self._known[key] = known
            self._size += known.size
            while len(self._known) > self.entries or self._size > self.total_bytes:
                self._drop(next(iter(self._known)))

    def _drop(self, key: str) -> None:
        dropped = self._known.pop(key, None)
        if dropped is not None:
            self._size -= dropped.size

    def __len__(self) -> int:
        return len(self._known)
