"""Which tables the queries of a page read from end to end."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection

# Below that a table is read in a moment, and the planner is right to do it.
LARGE = 10_000


def large_tables() -> set[str]:
    """Tables of that many rows by the planner's own estimate."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples >= %s", [LARGE]
        )
        return {name for (name,) in cursor.fetchall()}


def read_whole(queries: Iterable[Mapping[str, str]], large: set[str]) -> set[str]:
    """Those of the large tables that one of the queries scans sequentially."""
    found: set[str] = set()
    for query in queries:
        if query["sql"].lstrip().upper().startswith(("SELECT", "WITH")):
            found |= {name for name in _scanned(_plan(query["sql"])) if name in large}
    return found


def _plan(question: str) -> Mapping[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute("EXPLAIN (FORMAT JSON) " + question.replace("%", "%%"), [])
        (plan,) = cursor.fetchone()
    tree: Mapping[str, Any] = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
    return tree


def _scanned(node: Mapping[str, Any]) -> Iterator[str]:
    if node["Node Type"] == "Seq Scan":
        yield node["Relation Name"]
    for below in node.get("Plans", ()):
        yield from _scanned(below)
