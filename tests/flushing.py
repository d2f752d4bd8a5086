"""Emptying the tables after a transactional test, the append-only audit log too."""

from typing import Any

import django.db.models  # noqa: F401  first: its backends import it back
from django.core.management.commands import flush
from django.db.backends.postgresql.operations import DatabaseOperations

GUARD = "ALTER TABLE core_auditevent {} TRIGGER USER"
# What migrating fills, and no test changes.
KEPT = {"django_content_type", "auth_permission"}


def empty_only_what_is_filled() -> None:
    """Delete the few rows that a test left, in place of truncating and filling every table."""

    def sql_flush(self, style, tables, **options):  # type: ignore[no-untyped-def]
        filled = _filled(self.connection, sorted(set(tables) - KEPT))
        deletions = [f'DELETE FROM "{table}"' for table in filled]
        if "core_auditevent" not in filled:
            return deletions
        return [GUARD.format("DISABLE"), *deletions, GUARD.format("ENABLE")]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
    flush.emit_post_migrate_signal = lambda *args, **options: None  # type: ignore[attr-defined]


def _filled(connection: Any, tables: list[str]) -> list[str]:
    asked = " UNION ALL ".join(
        f"SELECT '{table}' WHERE EXISTS (SELECT FROM \"{table}\")" for table in tables
    )
    with connection.cursor() as cursor:
        cursor.execute(asked)
        return [table for (table,) in cursor]
