"""Emptying the tables between tests, the append-only audit log too."""

import django.db.models  # noqa: F401  first: its backends import it back
from django.db.backends.postgresql.operations import DatabaseOperations

GUARD = "ALTER TABLE core_auditevent {} TRIGGER USER"


def go_past_the_audit_guard() -> None:
    """Let the flush after a transactional test switch the log's guard off while it runs."""
    flush = DatabaseOperations.sql_flush

    def sql_flush(self, style, tables, **options):  # type: ignore[no-untyped-def]
        statements = flush(self, style, tables, **options)
        if "core_auditevent" not in tables:
            return statements
        return [GUARD.format("DISABLE"), *statements, GUARD.format("ENABLE")]

    DatabaseOperations.sql_flush = sql_flush  # type: ignore[method-assign]
