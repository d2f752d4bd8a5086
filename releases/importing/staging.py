"""Streaming a history into a temporary table, from which commits are stored by a few statements.

Memory stays flat however long the history is, and nothing of it is seen by others before the
transaction ends.
"""

from collections.abc import Iterator, Mapping

from django.db import connection

from ..commits import Landed, landed
from ..history import History, LoggedCommit

_COLUMNS = {
    "place": "bigint",
    "sha": "text",
    "parents": "text[]",
    "author_name": "text",
    "committed_at": "timestamptz",
    "message": "text",
    "subject": "text",
    "type": "text",
    "scope": "text",
    "is_breaking": "boolean",
    "is_merge": "boolean",
    "is_on_head": "boolean",
    "pull_request": "integer",
    "release_no": "integer",
    "stable_no": "integer",
    "touches": "boolean",
}


def stage(history: History, numbers: Mapping[str, int]) -> int:
    """Stream the commits into the table `staged`; answers how many there are.

    `place` counts from 0 at the newest, `numbers` gives each tag its number. Raises
    HistoryUnreadable, also late.
    """
    columns = ", ".join(f"{name} {kind}" for name, kind in _COLUMNS.items())
    copy = f"COPY staged ({', '.join(_COLUMNS)}) FROM STDIN"
    count = 0
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE staged ({columns})")
        with cursor.copy(copy) as rows:
            for row in _rows(history, numbers):
                rows.write_row(row)
                count += 1
        cursor.execute("ANALYZE staged")
    return count


def clear() -> None:
    """Drop what was staged; what goes wrong before is rolled back with it."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE pg_temp.staged, pg_temp.numbered, pg_temp.placed")


def _rows(history: History, numbers: Mapping[str, int]) -> Iterator[tuple[object, ...]]:
    for commit in history.commits():
        row = _landed(commit)
        yield (
            commit.position,
            commit.sha,
            list(commit.parents),
            row.author_name,
            row.committed_at,
            row.message,
            row.subject,
            row.type,
            row.scope,
            row.is_breaking,
            row.is_merge,
            commit.is_on_head,
            row.pull_request,
            numbers.get(commit.release or ""),
            numbers.get(commit.stable_release or ""),
            commit.touches,
        )


def _landed(commit: LoggedCommit) -> Landed:
    return landed(
        commit.sha,
        commit.message,
        author_name=commit.author_name,
        committed_at=commit.committed_at,
        is_merge=commit.is_merge,
    )
