"""The client of an app's own PostgreSQL database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import cast

from agentmesh_release.providers.appdb.connections import Connection, Connections
from agentmesh_release.providers.appdb.dsn import Dsn
from agentmesh_release.providers.appdb.flags import ConfigFlags, Reading
from agentmesh_release.providers.appdb.history import (
    PrismaHistory,
    RepositoryMigration,
    SupabaseHistory,
)
from agentmesh_release.providers.appdb.migrations import MigrationTables
from agentmesh_release.providers.appdb.standing import Standing, look


class AppDatabase:
    """An app's database: its flags, and how far its migrations got.

    In: a connection string (libpq's, or one written for Prisma), the seconds after which every
    call ends, and how many connections it may hold. Thread-safe; raises ProviderError only, with
    no part of the connection string in it.
    """

    def __init__(self, dsn: str, *, budget_s: float = 2.0, pool_size: int = 4) -> None:
        self._connections = Connections(Dsn.parse(dsn), budget_s, pool_size)
        self._flags = ConfigFlags(self._connections)
        self._migrations = MigrationTables(self._connections)

    def __repr__(self) -> str:
        return "<AppDatabase>"

    def server_time(self) -> datetime:
        """The database's clock: the shortest proof that it answers."""

        def work(connection: Connection) -> datetime:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
            return cast(tuple[datetime], row)[0]

        return self._connections.run(work)

    def standing(self) -> Standing:
        """Who we are there and what we may do, without trying it."""
        return look(self._connections)

    def read_flag(self, key: str) -> Reading | None:
        """The value of one key of `config_flags`, or None when it has no row."""
        return self._flags.read(key)

    def read_flags(self, keys: Iterable[str] | None = None) -> dict[str, Reading]:
        """Some or all rows of `config_flags`, by key."""
        return self._flags.read_all(keys)

    def write_flag(self, key: str, value: object) -> Reading:
        """Set a key of `config_flags` to a JSON value, and read back what is there now."""
        return self._flags.write(key, value)

    def prisma_migrations(
        self, repository: Iterable[RepositoryMigration] | None = None
    ) -> PrismaHistory:
        """The state of every Prisma migration, of the table and of `repository`."""
        return self._migrations.prisma(repository)

    def supabase_migrations(self, versions: Iterable[str] | None = None) -> SupabaseHistory:
        """Supabase's applied migrations, set against the repository's `versions`."""
        return self._migrations.supabase(versions)

    def close(self) -> None:
        """Close the idle connections; the object stays usable."""
        self._connections.close()
