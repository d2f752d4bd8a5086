"""Which calls came in: a ring of the newest and a count of all, kept in memory."""

import threading
from collections import Counter, deque
from itertools import count

from . import clock
from .wire import Json, Request

KEPT = 10_000


class RequestLog:
    """Tests count calls with it; it is not state, so a restart empties it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._ids = count(1)
        self._entries: deque[Json] = deque(maxlen=KEPT)
        self._counters: Counter[str] = Counter()

    def add(self, vendor: str, request: Request, status: int, fault: str) -> None:
        """Note one answered (or deliberately unanswered: status 0) request."""
        now = clock.now_ms()
        with self._lock:
            self._counters[f"{vendor} {request.method}"] += 1
            self._entries.append(
                {
                    "id": next(self._ids),
                    "at": clock.iso_ms(request.at_ms),
                    "request_id": request.id,
                    "vendor": vendor,
                    "method": request.method,
                    "path": request.path,
                    "status": status,
                    "ms": now - request.at_ms,
                    "fault": fault,
                }
            )

    def read(self, *, vendor: str, method: str, path: str, since: int) -> Json:
        """The counters and the matching entries, oldest first."""
        with self._lock:
            entries = list(self._entries)
            counters = dict(self._counters)
        chosen = [
            entry
            for entry in entries
            if entry["id"] > since
            and vendor in {"", entry["vendor"]}
            and method in {"", entry["method"]}
            and entry["path"].startswith(path)
        ]
        return {"counters": counters, "total": sum(counters.values()), "requests": chosen}

    def reset(self) -> None:
        """Forget all entries and counts."""
        with self._lock:
            self._entries.clear()
            self._counters.clear()
