"""Keyset pagination: a page is found by where the last one ended, however long the list is."""

from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest

Row = TypeVar("Row", bound=Model)

PER_PAGE = 50


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows newest first; `older` and `newest` are URLs, empty where there is nothing."""

    rows: list[Row]
    older: str
    newest: str

    def __bool__(self) -> bool:
        return bool(self.rows)


def page_of(
    rows: QuerySet[Row], request: HttpRequest, *, key: str = "id", per_page: int = PER_PAGE
) -> Page[Row]:
    """The page that `?before=` of the request names, newest first by the whole-number `key`."""
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        rows = rows.filter(**{f"{key}__lt": int(before)})
    found = list(rows.order_by(f"-{key}")[: per_page + 1])
    shown = found[:per_page]
    more = len(found) > per_page
    return Page(
        shown,
        older=_url(request, before=getattr(shown[-1], key)) if more else "",
        newest=_url(request) if before else "",
    )


def _url(request: HttpRequest, **changes: Any) -> str:
    query = request.GET.copy()
    query.pop("before", None)
    for name, value in changes.items():
        query[name] = str(value)
    return f"{request.path}?{query.urlencode()}" if query else request.path
