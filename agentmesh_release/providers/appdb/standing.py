"""What this user may do in an app's database, read from its catalogue; nothing is tried."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, cast

from psycopg import sql

from agentmesh_release.providers.appdb.connections import Connection, Connections

# https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-ACCESS
_LOOK: LiteralString = """
    SELECT found.oid IS NOT NULL,
           coalesce(has_schema_privilege(found.relnamespace, 'USAGE'), false),
           coalesce(has_table_privilege(found.oid, 'SELECT'), false),
           coalesce(has_table_privilege(found.oid, 'INSERT'), false),
           coalesce(has_table_privilege(found.oid, 'UPDATE'), false),
           coalesce(row_security_active(found.oid), false),
           ARRAY(SELECT attname::text FROM pg_attribute
                 WHERE attrelid = found.oid AND attnum > 0 AND NOT attisdropped),
           (SELECT format_type(atttypid, NULL) FROM pg_attribute
            WHERE attrelid = found.oid AND attname = 'value')
    FROM (SELECT 1) AS one LEFT JOIN pg_class AS found ON found.oid = (
        SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE c.relname = %(table)s AND c.relkind IN ('r', 'p', 'v', 'f')
          AND CASE WHEN %(schema)s::text IS NULL THEN pg_table_is_visible(c.oid)
                   ELSE n.nspname = %(schema)s END
        LIMIT 1)
"""


@dataclass(frozen=True)
class Table:
    """A table as this user stands to it. `hides_rows`: row-level security binds this user;
    `value_type` is the type of its column `value`."""

    is_there: bool
    may_enter: bool
    may_select: bool
    may_insert: bool
    may_update: bool
    hides_rows: bool
    columns: tuple[str, ...]
    value_type: str

    @property
    def is_readable(self) -> bool:
        """Whether it is there and may be read."""
        return self.is_there and self.may_enter and self.may_select

    @property
    def lacks(self) -> tuple[str, ...]:
        """The rights that writing flags needs and this user has not."""
        rights = {
            "USAGE on its schema": self.may_enter,
            "SELECT": self.may_select,
            "INSERT": self.may_insert,
            "UPDATE": self.may_update,
        }
        return tuple(name for name, held in rights.items() if not held)


@dataclass(frozen=True)
class Standing:
    """Who we are there, what answers, and the tables that the product reads and writes.
    `is_standby`: it follows another server, so nothing can be written."""

    user: str
    version: str
    is_standby: bool
    flags: Table
    prisma: Table
    supabase: Table


def look(connections: Connections) -> Standing:
    """Read it in one transaction. Raises ProviderError."""
    schema = connections.dsn.schema

    def work(connection: Connection) -> Standing:
        who = connection.execute(
            "SELECT current_user::text, current_setting('server_version'), pg_is_in_recovery()"
        ).fetchone()
        user, version, standby = cast(tuple[str, str, bool], who)
        return Standing(
            user,
            version.split()[0],
            standby,
            _table(connection, schema, "config_flags"),
            _table(connection, schema, "_prisma_migrations"),
            _table(connection, "supabase_migrations", "schema_migrations"),
        )

    return connections.run(work)


def _table(connection: Connection, schema: str | None, name: str) -> Table:
    row = connection.execute(sql.SQL(_LOOK), {"schema": schema, "table": name}).fetchone()
    there, enter, select, insert, update, hides, columns, kind = cast(
        tuple[bool, bool, bool, bool, bool, bool, list[str], str | None], row
    )
    return Table(there, enter, select, insert, update, hides, tuple(columns), kind or "")
