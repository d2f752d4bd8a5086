"""Markdown that somebody wrote, as HTML that is safe to show (DESIGN §10).

HTML inside it is text, links go to http, https and mail alone, images are left out. Headings stand
below those of the page.
"""

from collections.abc import Iterator, Sequence

import nh3
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

_TAGS = {
    *("p", "h3", "h4", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s", "a"),
    *("br", "hr", "table", "thead", "tbody", "tr", "th", "td"),
}
_PARSER = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
_PARSER.disable(["image"])


def render(text: str) -> SafeString:
    """The text as HTML; whatever it holds, no script, style or frame comes out."""
    tokens = _PARSER.parse(text)
    for token, tag in _headings(tokens):
        token.tag = tag
    html = _PARSER.renderer.render(tokens, _PARSER.options, {})
    clean = nh3.clean(
        html,
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}},
        url_schemes={"http", "https", "mailto"},
        link_rel="nofollow noopener",
    )
    return mark_safe(clean)  # noqa: S308 (cleaned just before)


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    """Each heading with its tag on a page whose sections are h2: none is jumped over."""
    tag = ""
    for token in tokens:
        if token.type == "heading_open":
            tag = "h4" if token.tag in ("h4", "h5", "h6") and tag else "h3"
        if token.type in ("heading_open", "heading_close"):
            yield token, tag
