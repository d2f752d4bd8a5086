"""Every address of the house, derived from the URLconf: what is added later is covered too."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

# Values for the parts of an address, where a test has no better ones.
VALUES: Mapping[str, Any] = {
    "slug": "api",
    "version": "1.1.0",
    "pk": 1,
    "number": 1,
    "token": "x",
    "username": "ada",
    "source": "github",
    "key": "api_kill_switch",
    "vercel_id": "dpl_1.1.0",
}
READING = {"read", "audit.read", "settings.read", "webhooks.read"}


def patterns(resolver: URLResolver | None = None) -> Iterator[URLPattern]:
    """All of them, in the order in which they are tried."""
    for each in (resolver or get_resolver()).url_patterns:
        if isinstance(each, URLResolver):
            yield from patterns(each)
        else:
            yield each


VIEWS: dict[str, Any] = {str(pattern.name): pattern for pattern in patterns()}
# What is no page but a file to fetch has an address without a slash at its end.
PAGES = {name: view for name, view in VIEWS.items() if str(view.pattern)[-1:] in ("", "/")}
# Programs send to these, with a secret of their own: there, cookies count for nothing.
COOKIELESS = [name for name, view in VIEWS.items() if getattr(view.callback, "csrf_exempt", False)]
WITH_CSRF = [name for name in VIEWS if name not in COOKIELESS]
GUARDED = [name for name, view in VIEWS.items() if getattr(view.callback, "permission", None)]
ACTS = [name for name in GUARDED if VIEWS[name].callback.permission not in READING]


def url_of(name: str, **values: Any) -> str:
    """An address of that name; raises KeyError for a part without a value."""
    known = {**VALUES, **values}
    return reverse(name, kwargs={key: known[key] for key in VIEWS[name].pattern.converters})
