"""A process that freezes (SIGSTOP, a machine that swaps) keeps nobody waiting for its locks.

PostgreSQL ends a transaction in which nothing is asked for too long; who wakes up after that finds
its connection gone, and what it had not committed undone.
"""

from django.db import connection

# Where a rollback may have to wait for the lock; and what a worker reads and stores otherwise.
_URGENT, _USUAL = "5s", "15s"


def lose_locks_when_frozen() -> None:
    """Let this transaction end soon; call it where a rollback may have to wait for its locks."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL idle_in_transaction_session_timeout = '{_URGENT}'")


def lose_locks_in_the_end() -> None:
    """Let no transaction of this connection last for ever; workers call it before they begin."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET idle_in_transaction_session_timeout = '{_USUAL}'")
