"""The changelog as Markdown, whatever the messages hold."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from releases.conventional.changelog import build
from releases.conventional.changes import change_of
from releases.conventional.markdown import Links, escaped, render

LINKS = Links("https://github.com/demo/api")
HOSTILE = st.text(alphabet="`\\<>[]()*_~|#&;@!-+=.:1 \n\r\t\u202e\u2028aÄ/", max_size=40)


def markdown(*messages: str, links: Links | None = None, folds: bool = True) -> str:
    changes = [change_of(f"{n + 1:040x}", text, "Ada") for n, text in enumerate(messages)]
    when = datetime(2026, 11, 24, tzinfo=UTC)
    changelog = build(changes, version="v1.1.0", released_at=when, previous="v1.0.0")
    return render(changelog, links, folds=folds)


def test_it_reads_like_a_changelog() -> None:
    text = markdown("feat(runs): priority (#7)", "fix!: a\n\nBREAKING CHANGE: use b", "docs: c")
    assert text == (
        "## v1.1.0 (2026-11-24)\n\n"
        "### Breaking changes\n\n"
        "- a (0000000, Ada)\n"
        "  use b\n\n"
        "### Features\n\n"
        "- **runs:** priority (#7, 0000000, Ada)\n\n"
        "<details>\n<summary>1 more change</summary>\n\n"
        "### Documentation\n\n"
        "- c (0000000, Ada)\n\n"
        "</details>\n"
    )


def test_it_links_what_it_names() -> None:
    text = markdown("feat: a (#7)", links=LINKS)
    assert "[v1.1.0](https://github.com/demo/api/compare/v1.0.0...v1.1.0)" in text
    assert "[#7](https://github.com/demo/api/pull/7)" in text
    assert f"[0000000](https://github.com/demo/api/commit/{1:040x})" in text


def test_the_rest_may_stand_open() -> None:
    assert "<details>" not in markdown("docs: c", folds=False)
    assert "### Documentation" in markdown("docs: c", folds=False)


def test_a_release_without_changes_says_so() -> None:
    assert "No changes of note." in markdown("Merge branch 'x'")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("use `<b>` now", "use `<b>` now"),
        ("<script>alert(1)</script>", r"\<script\>alert(1)\</script\>"),
        ("![x](http://x)", r"!\[x\](http://x)"),
        ("keep snake_case and __all__", r"keep snake_case and \_\_all\_\_"),
        ("thank @ada", "thank `@ada`"),
        ("update @babel/core to v8", "update `@babel/core` to v8"),
        ("mail a@example.com", "mail a@example.com"),
        ("- no list", r"\- no list"),
        ("1. no list", r"1\. no list"),
        ("# no heading", r"\# no heading"),
        ("a\u202eb\nc", "a b c"),
        ("AT&amp;T & co", r"AT\&amp;T & co"),
    ],
)
def test_what_is_written_is_what_is_shown(text: str, shown: str) -> None:
    assert escaped(text) == shown


@given(HOSTILE | st.text())
def test_no_text_becomes_markup(text: str) -> None:
    tokens = list(flat(MarkdownIt("commonmark", {"html": True}).parse(f"- {escaped(text)}\n")))
    allowed = {"bullet_list", "list_item", "paragraph", "inline", "text", "text_special"}
    kinds = {token.type.removesuffix("_open").removesuffix("_close") for token in tokens}
    assert kinds <= allowed | {"code_inline"}


@given(st.lists(HOSTILE, min_size=1, max_size=4))
def test_no_message_breaks_out_of_its_line(messages: list[str]) -> None:
    text = markdown(*[f"feat: {message}" for message in messages], links=LINKS, folds=False)
    for line in text.splitlines():
        assert line == "" or line.startswith(("## [v1.1.0]", "### ", "- "))


def flat(tokens: list[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from flat(token.children or [])
