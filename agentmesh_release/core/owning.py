"""Working as the role that owns the schema, where that is not the one that works with its rows."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, connection, connections, models
from environ import Env


@contextmanager
def as_owner() -> Iterator[None]:
    """What this thread asks the database inside is asked by the owner, who alone may analyse
    tables and change their indexes. Not inside a transaction.

    Where `DATABASE_OWNER_URL` names nobody else, everything stays as it is.
    """
    if not settings.DATABASE_OWNER_URL:
        yield
        return
    usual = connections[DEFAULT_DB_ALIAS]
    own = usual.copy()
    own.settings_dict.update(Env.db_url_config(settings.DATABASE_OWNER_URL))
    connections[DEFAULT_DB_ALIAS] = own
    try:
        yield
    finally:
        connections[DEFAULT_DB_ALIAS] = usual
        own.close()


def analyse(*filled: type[models.Model]) -> None:
    """Gather statistics at once, without which the planner takes a table that has just got a
    million rows for an empty one. Who may not is told so by the log of the database alone."""
    with as_owner(), connection.cursor() as cursor:
        for model in filled:
            cursor.execute(f"ANALYZE {connection.ops.quote_name(model._meta.db_table)}")
