"""Filling tables with very many rows: COPY, and indexes that are built afterwards.

Only for data that is made up (`manage.py seed_scale`): no verb is called, nothing is audited.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

Row = Sequence[object]


def fill(
    model: type[models.Model],
    columns: Sequence[str],
    rows: Iterable[Row],
) -> int:
    """Copy the rows into the model's table; answers how many.

    `columns` names what each row holds, JSON as text. Fields that are not named get their
    default, so a field that is added later needs no mention.
    """
    named = {name: model._meta.get_field(name) for name in columns}
    rest = _defaults(model, set(named))
    given = [str(field.column) for field in named.values() if isinstance(field, models.Field)]
    quote = connection.ops.quote_name
    wanted = ", ".join(quote(column) for column in (*given, *rest))
    constant = tuple(rest.values())
    count = 0
    with connection.cursor() as cursor:
        table = quote(model._meta.db_table)
        with cursor.copy(f"COPY {table} ({wanted}) FROM STDIN") as copying:
            for row in rows:
                copying.write_row((*row, *constant))
                count += 1
    return count


def _defaults(model: type[models.Model], named: set[str]) -> dict[str, object]:
    """By column, what a field that is not named gets; the database fills in what it can itself."""
    return {
        str(field.column): field.get_db_prep_save(field.get_default(), connection)
        for field in model._meta.concrete_fields
        if field.name not in named and not _fills_itself(field)
    }


def _fills_itself(field: "models.Field[Any, Any]") -> bool:
    return isinstance(field, models.AutoField) or field.has_db_default()


def first_free_id(model: type[models.Model]) -> int:
    """The lowest id above all that are taken."""
    last = model._base_manager.aggregate(last=models.Max("pk"))["last"]
    return int(last or 0) + 1


def reset_ids(*filled: type[models.Model]) -> None:
    """Have ids of their own go on above those that were given."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), filled):
            cursor.execute(statement)


_FOREIGN_KEYS = """
    SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),
           format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s',
                  conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE contype = 'f' AND conrelid = %s::regclass
"""
_INDEXES = """
    SELECT format('DROP INDEX %%s', indexrelid::regclass), pg_get_indexdef(indexrelid)
    FROM pg_index
    WHERE indrelid = %s::regclass
    AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)
"""


@contextmanager
def without_indexes(*tables: type[models.Model]) -> Iterator[None]:
    """Take the tables' indexes and foreign keys away, and build them again at the end: one sort
    instead of a search for every row. Inside a transaction, of the owner."""
    taken: list[str] = []
    with connection.cursor() as cursor:
        # What the transaction has yet to check would stand in the way.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for model in tables:
            for question in (_FOREIGN_KEYS, _INDEXES):
                cursor.execute(question, [model._meta.db_table])
                for drop, build in cursor.fetchall():
                    cursor.execute(drop)
                    taken.append(build)
        yield
        cursor.execute("SET LOCAL maintenance_work_mem TO '256MB'")
        for build in sorted(taken):  # "ALTER" before "CREATE"
            cursor.execute(build)
