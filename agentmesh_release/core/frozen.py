"""A process that freezes (SIGSTOP, a machine that swaps) keeps nobody waiting for its locks."""

from django.db import connection

_AFTER = "5s"


def lose_locks_when_frozen() -> None:
    """Let PostgreSQL end this transaction when nothing is asked in it for that long.

    Call it where a transaction takes locks that a rollback may have to wait for.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_AFTER}'")
