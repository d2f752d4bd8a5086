"""Markdown that people write, as HTML: nothing of it runs."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from agentmesh_release.core.markdown import render


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("**a** `b`", "<p><strong>a</strong> <code>b</code></p>"),
        ("<b>a</b>", "<p>&lt;b&gt;a&lt;/b&gt;</p>"),
        ("[a](javascript:alert(1))", "<p>[a](javascript:alert(1))</p>"),
        (
            "![a](https://x/y.png)",
            '<p>!<a href="https://x/y.png" rel="nofollow noopener">a</a></p>',
        ),
        ("- a", "<ul>\n<li>a</li>\n</ul>"),
    ],
)
def test_what_it_becomes(text: str, html: str) -> None:
    assert render(text).strip() == html


def test_headings_stand_below_those_of_the_page() -> None:
    told = render("###### deep\n\n# top\n\n#### below\n\n# again")
    assert [told.count(tag) for tag in ("<h3>", "<h4>", "<h1>", "<h6>")] == [3, 1, 0, 0]


@settings(deadline=None)
@given(some.text(alphabet="<>&\"'`*_[]()!#-|\n ax:/", max_size=60))
def test_no_text_opens_a_tag_of_its_own(text: str) -> None:
    told = render(text)
    assert "<script" not in told
    assert "javascript:" not in told.split("href=")[-1] or "href=" not in told
