"""The app's switches: rows of `config_flags(key, value jsonb)`, read and written with proof."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from psycopg import errors, sql
from psycopg.types.json import Jsonb

from agentmesh_release.providers.appdb.connections import Connection, Connections
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.wire import clean

NO_TABLE = (
    "The app's database has no table config_flags; create it with "
    "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)."
)


@dataclass(frozen=True)
class Reading:
    """What the app's database held for a key, and when, by that database's clock."""

    key: str
    value: object
    read_at: datetime


class ConfigFlags:
    """The flags table of one app."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        schema = connections.dsn.schema
        names = ("config_flags",) if schema is None else (schema, "config_flags")
        self._table = sql.Identifier(*names)

    def read(self, key: str) -> Reading | None:
        """The row of one key, or None when there is none."""
        return self.read_all((key,)).get(key)

    def read_all(self, keys: Iterable[str] | None = None) -> dict[str, Reading]:
        """The rows of some keys, or every row, by key."""
        query = sql.SQL(
            "SELECT key::text, value::jsonb, clock_timestamp() FROM {} "
            "WHERE %(keys)s::text[] IS NULL OR key = ANY(%(keys)s::text[])"
        ).format(self._table)
        wanted = None if keys is None else [_checked_key(key) for key in keys]

        def work(connection: Connection) -> dict[str, Reading]:
            with _in_words():
                rows = connection.execute(query, {"keys": wanted}).fetchall()
            return {str(k): Reading(str(k), v, at) for k, v, at in rows if isinstance(at, datetime)}

        return self._connections.run(work)

    def write(self, key: str, value: object) -> Reading:
        """Set a key, making its row where there is none, and read it back in a transaction of its
        own. Out: what is there now, which another writer may have changed meanwhile: compare.

        Writing twice is writing once. Raises ProviderError; `unsettled` when the connection broke.
        """
        _checked_key(key)
        if clean(value) != value:
            raise ProviderError(
                "The value holds a character that a database cannot keep (NUL or half an emoji).",
                permanent=True,
            )
        self._connections.run(lambda connection: self._upsert(connection, key, value), writes=True)
        there = self.read(key)
        if there is None:
            raise ProviderError(
                f"The row “{key}” of config_flags was written and cannot be read back: row-level "
                "security or a trigger hides it.",
                permanent=True,
            )
        return there

    def _upsert(self, connection: Connection, key: str, value: object) -> None:
        """UPDATE first: it needs neither a unique key nor the right to insert, and leaves the
        app's other columns alone. The lock keeps two first writers from making two rows."""
        row = {"key": key, "value": Jsonb(value)}
        update = sql.SQL("UPDATE {} SET value = %(value)s WHERE key = %(key)s").format(self._table)
        insert = sql.SQL(
            "INSERT INTO {} (key, value) VALUES (%(key)s, %(value)s) ON CONFLICT DO NOTHING"
        ).format(self._table)
        lock = "SELECT pg_advisory_xact_lock(hashtextextended('config_flags ' || %(key)s, 0))"
        with _in_words():
            if connection.execute(update, row).rowcount:
                return
            connection.execute(lock, row)
            for statement in (update, insert, update):
                if connection.execute(statement, row).rowcount:
                    return


def _checked_key(key: str) -> str:
    if not key or clean(key) != key or len(key) > 200:
        raise ProviderError("A flag's key must be 1 to 200 ordinary characters.", permanent=True)
    return key


@contextmanager
def _in_words() -> Iterator[None]:
    """Say what about the table is not as it should be, and what mends it."""
    try:
        yield
    except errors.UndefinedTable:
        raise ProviderError(NO_TABLE, permanent=True) from None
    except errors.UndefinedColumn:
        raise ProviderError(
            "The table config_flags of the app's database lacks a column: it needs key and value "
            "(jsonb).",
            permanent=True,
        ) from None
    except (errors.DatatypeMismatch, errors.CannotCoerce, errors.InvalidTextRepresentation):
        raise ProviderError(
            "The column value of config_flags must be of type jsonb.", permanent=True
        ) from None
    except errors.NotNullViolation as error:
        raise ProviderError(
            f"config_flags has no such row yet, and its column “{error.diag.column_name}” wants a "
            "value that only the app knows: insert the row once from the app, then it can be set "
            "here.",
            permanent=True,
        ) from None
    except errors.InsufficientPrivilege:
        raise ProviderError(
            "The user of the app's database may not do that to config_flags: grant it SELECT, "
            "INSERT and UPDATE, and a row-level security policy if the table has one.",
            permanent=True,
        ) from None
