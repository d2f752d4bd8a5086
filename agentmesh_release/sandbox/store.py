"""State that survives kill -9: one SQLite file, one connection, one lock."""

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .schema import SCHEMA

Row = sqlite3.Row


class Store:
    """Rows in, rows out. Every writer holds the lock for its whole transaction."""

    def __init__(self, file: Path) -> None:
        self._lock = threading.RLock()
        self._depth = 0
        self._db = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        # WAL with NORMAL keeps every commit over the death of this process (not of the machine).
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = normal")
        self._db.executescript(SCHEMA)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; one inside another is a savepoint of it."""
        with self._lock:
            name = f"inner_{self._depth}" if self._depth else ""
            self._db.execute(f"savepoint {name}" if name else "begin immediate")
            self._depth += 1
            try:
                yield
            except BaseException:
                self._db.execute(f"rollback to {name}" if name else "rollback")
                raise
            else:
                self._db.execute(f"release {name}" if name else "commit")
            finally:
                self._depth -= 1

    def rows(self, sql: str, *values: Any) -> list[Row]:
        """All rows of a query."""
        with self._lock:
            return self._db.execute(sql, values).fetchall()

    def row(self, sql: str, *values: Any) -> Row | None:
        """The first row of a query, or None."""
        with self._lock:
            found: Row | None = self._db.execute(sql, values).fetchone()
            return found

    def write(self, sql: str, *values: Any) -> int:
        """Run one statement; returns the id of the row it inserted (0 when none)."""
        with self._lock:
            return self._db.execute(sql, values).lastrowid or 0

    def setting(self, key: str, default: str = "") -> str:
        """A kept value by name."""
        row = self.row("select value from settings where key = ?", key)
        return row["value"] if row else default

    def keep(self, key: str, value: str) -> None:
        """Keep a value under a name."""
        self.write("insert or replace into settings (key, value) values (?, ?)", key, value)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()
