"""What was read before, by ETag: GitHub answers an unchanged resource 304, free of quota.

https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """One answer kept: its ETag, its headers, its parsed data (or its bytes where they were not
    parsed), and its size on the wire."""

    etag: str
    headers: Mapping[str, str]
    data: object
    body: bytes
    size: int


class EtagCache:
    """Least recently used answers, bounded by count and by bytes on the wire; thread-safe."""

    def __init__(self, entries: int = 4000, total_bytes: int = 16_000_000) -> None:
        self.entries, self.total_bytes = entries, total_bytes
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

    def put(self, key: str, known: Known) -> None:
        """Keep an answer, unless it alone would fill an eighth of the cache."""
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
