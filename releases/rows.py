"""Rows of other tables, read beside a row in its own query: a page asks little, and tells much."""

from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import QuerySet
from django.db.models.functions import JSONObject


def as_rows(rows: "QuerySet[Any]", *fields: str, **named: Any) -> ArraySubquery:
    """To annotate with: a list of dictionaries, one a row, in the order of `rows`.

    Moments come as ISO texts; `moments` turns them back.
    """
    return ArraySubquery(rows.values(row=JSONObject(**{name: name for name in fields}, **named)))


def moments(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The rows with every value under a name that ends in `_at`, or is `since`, `until` or `at`,
    as a time."""
    return [{name: _moment(name, value) for name, value in row.items()} for row in rows]


def _moment(name: str, value: Any) -> Any:
    is_moment = name.endswith("_at") or name in ("at", "since", "until")
    return datetime.fromisoformat(value) if is_moment and isinstance(value, str) else value
