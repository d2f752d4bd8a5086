"""The plain page behind a provider's link, so that evidence leads somewhere when it is clicked."""

from collections.abc import Sequence
from html import escape

from .wire import Response, as_html

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">
<meta name="color-scheme" content="light dark"><title>{title} · {place}</title>
<link rel="icon" href="/_control/static/icon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/_control/style.css"></head>
<body><div class="sandbox"><header class="topline"><a class="brand" href="/_control/">
<svg class="icon" aria-hidden="true"><use href="/_control/static/icons.svg#i-sandbox"/></svg>
<span>Sandbox</span></a><span class="back">{place}</span></header>
<main class="page"><h1 class="page-title">{title}</h1>{facts}{text}</main></div></body></html>
"""


def page(place: str, title: str, facts: Sequence[tuple[str, str]], text: str = "") -> Response:
    """A title, what is known as label and value, and a longer text; all of it escaped here."""
    rows = "".join(
        f"<div><dt>{escape(label)}</dt><dd>{escape(value)}</dd></div>" for label, value in facts
    )
    body = PAGE.format(
        title=escape(title[:200]),
        place=escape(place),
        facts=f'<dl class="facts">{rows}</dl>' if rows else "",
        text=f'<pre class="text">{escape(text)}</pre>' if text else "",
    )
    return as_html(body)


def missing(place: str) -> Response:
    """Nothing is known under that address."""
    found = page(place, "Nothing is here", [])
    return Response(404, found.body, found.content_type, found.headers)
