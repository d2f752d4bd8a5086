"""The journal of effective acts: what really changed at a provider. Append-only.

A refused call, a repeated one and a job that was skipped change nothing, so they are not in it.
Fault tests assert on this list, not on the product's own tables (DESIGN 13).
"""

import json
from dataclasses import dataclass
from typing import Any

from . import clock
from .store import Row, Store
from .wire import Json


@dataclass(frozen=True)
class Cause:
    """What a journal entry came from: the HTTP request's id and who sent it."""

    request_id: str
    by: str


class Journal:
    """Writes entries inside the caller's transaction and reads them back."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def add(self, vendor: str, kind: str, project: str, cause: Cause, **detail: Any) -> None:
        """Append one effective act."""
        self._store.write(
            "insert into journal (at, vendor, kind, project, request_id, by, detail)"
            " values (?, ?, ?, ?, ?, ?, ?)",
            clock.now_ms(),
            vendor,
            kind,
            project,
            cause.request_id,
            cause.by,
            json.dumps(detail),
        )

    def read(
        self, *, vendor: str = "", kind: str = "", project: str = "", since: int = 0
    ) -> list[Json]:
        """Entries after the id `since`, oldest first."""
        rows = self._store.rows(
            "select * from journal where id > ? and (? in ('', vendor)) and (? in ('', kind))"
            " and (? in ('', project)) order by id",
            since,
            vendor,
            kind,
            project,
        )
        return [_event(row) for row in rows]

    def newest(self, count: int) -> list[Json]:
        """The last entries, newest first."""
        rows = self._store.rows("select * from journal order by id desc limit ?", count)
        return [_event(row) for row in rows]


def _event(row: Row) -> Json:
    return {
        "id": row["id"],
        "at": clock.iso_ms(row["at"]),
        "vendor": row["vendor"],
        "kind": row["kind"],
        "project": row["project"],
        "request_id": row["request_id"],
        "by": row["by"],
        "detail": json.loads(row["detail"]),
    }
