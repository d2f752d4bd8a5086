"""Reading the migration tables of an app's database; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import cast

from psycopg import errors, sql

from agentmesh_release.providers.appdb.connections import Connection, Connections
from agentmesh_release.providers.appdb.history import (
    AppliedVersion,
    PrismaHistory,
    PrismaRow,
    RepositoryMigration,
    SupabaseHistory,
    classify,
    compare_versions,
)
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.wire import storable

# prisma-engines, sql-schema-connector/src/flavour/postgres.rs: pg_advisory_lock(72707369). A lock
# by one bigint shows its halves as classid and objid, with objsubid 1.
PRISMA_LOCK = 72707369
LONGEST_LOGS = 20_000
SUPABASE_TABLE = sql.Identifier("supabase_migrations", "schema_migrations")

_LOCK_HELD = """
    SELECT EXISTS (
        SELECT FROM pg_locks l JOIN pg_database d ON d.oid = l.database
        WHERE d.datname = current_database() AND l.locktype = 'advisory' AND l.granted
          AND l.classid = 0 AND l.objid = %s AND l.objsubid = 1
    )
"""
_ROWS = sql.SQL(
    "SELECT migration_name, checksum, started_at, finished_at, rolled_back_at, "
    "applied_steps_count, left(logs, {}) FROM {}"
)


class MigrationTables:
    """The migration tables of one app."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections
        schema = connections.dsn.schema
        names = ("_prisma_migrations",) if schema is None else (schema, "_prisma_migrations")
        self._table = sql.Identifier(*names)

    def prisma(self, repository: Iterable[RepositoryMigration] | None) -> PrismaHistory:
        """Prisma's history, set against the repository's migrations where they are given."""
        files = None if repository is None else tuple(repository)

        def work(connection: Connection) -> PrismaHistory:
            with _in_words("_prisma_migrations"):
                is_there, read_at = _look(connection, self._table)
                held = _lock_held(connection)
                rows = self._rows(connection) if is_there else []
                if not held and any(row.is_unfinished for row in rows):
                    held, rows = self._look_again(connection, rows)
            return PrismaHistory(is_there, classify(rows, files, lock_held=held), held, read_at)

        return self._connections.run(work)

    def _look_again(
        self, connection: Connection, before: list[PrismaRow]
    ) -> tuple[bool, list[PrismaRow]]:
        """Rows and lock cannot be read in one instant, and a migration that began in between
        would pass for a failed one. What is unfinished before and after a moment without the
        lock is not being run; what is newly unfinished is."""
        held = _lock_held(connection)
        after = self._rows(connection)
        known = {(row.name, row.started_at) for row in before}
        began = any(row.is_unfinished and (row.name, row.started_at) not in known for row in after)
        return held or began, after

    def _rows(self, connection: Connection) -> list[PrismaRow]:
        query = _ROWS.format(sql.Literal(LONGEST_LOGS), self._table)
        return [_prisma_row(row) for row in connection.execute(query).fetchall()]

    def supabase(self, repository: Iterable[str] | None) -> SupabaseHistory:
        """Supabase's history, set against the repository's versions where they are given."""
        files = None if repository is None else tuple(repository)

        def work(connection: Connection) -> SupabaseHistory:
            with _in_words("supabase_migrations.schema_migrations"):
                is_there, read_at = _look(connection, SUPABASE_TABLE)
                applied = _versions(connection) if is_there else []
            return compare_versions(is_there, applied, files, read_at)

        return self._connections.run(work)


def _look(connection: Connection, table: sql.Identifier) -> tuple[bool, datetime]:
    """Whether the table is there, and the database's time. No right to look is an error of its
    own, not an absent table."""
    query = "SELECT to_regclass(%s) IS NOT NULL, clock_timestamp()"
    row = connection.execute(query, (table.as_string(connection),)).fetchone()
    is_there, read_at = cast(tuple[bool, datetime], row)
    return is_there, read_at


def _lock_held(connection: Connection) -> bool:
    row = connection.execute(_LOCK_HELD, (PRISMA_LOCK,)).fetchone()
    return bool(row and row[0])


def _prisma_row(row: tuple[object, ...]) -> PrismaRow:
    name, checksum, started_at, finished_at, rolled_back_at, steps, logs = row
    return PrismaRow(
        name=storable(str(name)),
        checksum=str(checksum),
        started_at=cast(datetime, started_at),
        finished_at=cast(datetime | None, finished_at),
        rolled_back_at=cast(datetime | None, rolled_back_at),
        applied_steps=cast(int, steps),
        logs=None if logs is None else storable(str(logs)),
    )


def _versions(connection: Connection) -> list[AppliedVersion]:
    """Columns by name: early CLIs wrote only `version`, the hosted API adds more."""
    has_name = connection.execute(
        "SELECT FROM pg_attribute WHERE attrelid = to_regclass(%s) AND attname = 'name' "
        "AND NOT attisdropped",
        (SUPABASE_TABLE.as_string(connection),),
    ).rowcount
    column = sql.SQL("name") if has_name else sql.SQL("NULL")
    query = sql.SQL("SELECT version, {} FROM {} ORDER BY version").format(column, SUPABASE_TABLE)
    rows = connection.execute(query).fetchall()
    return [AppliedVersion(str(version), None if n is None else str(n)) for version, n in rows]


@contextmanager
def _in_words(table: str) -> Iterator[None]:
    """Say which table is not as it should be, and what mends it."""
    try:
        yield
    except errors.InsufficientPrivilege:
        raise ProviderError(
            f"The user of the app's database may not read {table}: grant it SELECT on it and "
            "USAGE on its schema.",
            permanent=True,
        ) from None
    except errors.UndefinedColumn:
        raise ProviderError(
            f"The table {table} of the app's database lacks a column that it should have.",
            permanent=True,
        ) from None
