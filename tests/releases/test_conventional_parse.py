"""The strict parser against the rules of Conventional Commits 1.0.0, by their numbers."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.conventional.message import Footer, Malformed, Message
from releases.conventional.parse import parse
from releases.conventional.policy import DEFAULT_POLICY
from tests.releases.timing import seconds

WORDS = st.from_regex(r"[a-z][a-z0-9]{0,8}", fullmatch=True)
SENTENCES = st.from_regex(r"[A-Za-z][A-Za-z0-9 ,.é]{0,30}[a-z]", fullmatch=True)


def test_it_reads_type_scope_and_description() -> None:
    message = parse("feat(api): send an e-mail when it ships")
    assert message == Message("feat", "api", "send an e-mail when it ships", False, "", ())


def test_it_reads_a_body_and_several_footers() -> None:
    message = parse("fix: a race\n\nWhy.\n\nMore of it.\n\nReviewed-by: Ben\nRefs #123\n")
    assert message.body == "Why.\n\nMore of it."
    assert message.footers == (Footer("Reviewed-by", ": ", "Ben"), Footer("Refs", " #", "123"))


def test_a_footer_reaches_over_lines_to_the_next_token() -> None:
    """Rule 10."""
    message = parse("fix: x\n\nNote: one\n  two\n\nthree\nRefs: 1\n")
    assert [footer.value for footer in message.footers] == ["one\n  two\n\nthree", "1"]


def test_a_token_in_the_middle_of_a_paragraph_is_body() -> None:
    message = parse("fix: x\n\nThis is\nNote: no footer")
    assert message.footers == ()
    assert message.body == "This is\nNote: no footer"


@pytest.mark.parametrize("token", ["BREAKING CHANGE", "BREAKING-CHANGE"])
def test_a_breaking_footer_breaks_whatever_the_type(token: str) -> None:
    """Rules 11, 12 and 16."""
    message = parse(f"chore: drop it\n\n{token}: the old one is gone")
    assert message.is_breaking
    assert message.breaking_notes == ("the old one is gone",)


def test_an_exclamation_mark_breaks_and_the_description_tells_what() -> None:
    """Rule 13."""
    message = parse("refactor(core)!: drop the old format")
    assert message.is_breaking
    assert message.breaking_notes == ("drop the old format",)


def test_breaking_in_lower_case_is_no_breaking_footer() -> None:
    """Rule 15."""
    assert not parse("fix: x\n\nbreaking-change: no").is_breaking


def test_the_type_is_read_in_any_case() -> None:
    """Rule 15."""
    assert parse("FEAT: x").type == "feat"


def test_line_ends_of_other_systems_make_no_difference() -> None:
    text = "fix: x\n\nbody\n\nRefs: 1"
    assert parse(text.replace("\n", "\r\n")) == parse(text) == parse(text.replace("\n", "\r"))


def test_any_script_may_be_used() -> None:
    message = parse("исправление(интерфейс): отступы 🎉")
    assert message.type == "исправление"
    assert message.description == "отступы 🎉"


@pytest.mark.parametrize(
    ("text", "line", "column", "expected"),
    [
        ("", 1, 1, "a type"),
        (" feat: x", 1, 1, "a type"),
        ("(api): x", 1, 1, "a type"),
        ("feat x", 1, 5, "after the type"),
        ("feat/api: x", 1, 5, "after the type"),
        ("feat(): x", 1, 6, "a scope"),
        ("feat(a: x", 1, 10, "“)”"),
        ("feat(a(b)): x", 1, 7, "“)”"),
        ("feat(a) : x", 1, 8, "“:” or “!:”"),
        ("feat!(a): x", 1, 6, "“:” after the “!”"),
        ("feat:x", 1, 6, "a blank after the colon"),
        ("feat:", 1, 6, "a blank after the colon"),
        ("feat:  x", 1, 7, "a description"),
        ("feat: x\nbody", 2, 1, "a blank line"),
        ("feat: x\n\nbody\n\nBREAKING CHANGE:\ngone", 5, 17, "“BREAKING CHANGE: ”"),
        ("feat: x\n\nBREAKING-CHANGE #1", 3, 16, "“BREAKING-CHANGE: ”"),
    ],
)
def test_it_says_where_a_rule_is_broken(text: str, line: int, column: int, expected: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse(text)
    assert (refusal.value.line, refusal.value.column) == (line, column)
    assert expected in refusal.value.expected
    assert str(refusal.value).startswith(f"Line {line}, column {column}: expected ")


def test_it_refuses_a_type_that_the_policy_does_not_list() -> None:
    assert parse("docs: x", DEFAULT_POLICY.names).type == "docs"
    with pytest.raises(Malformed, match="expected one of the types build, chore, ci"):
        parse("wip: x", DEFAULT_POLICY.names)


@given(WORDS, st.none() | WORDS, st.booleans(), SENTENCES, SENTENCES, WORDS, SENTENCES)
def test_what_was_written_is_read_back(
    kind: str, scope: str | None, breaks: bool, what: str, body: str, token: str, value: str
) -> None:
    header = f"{kind}{f'({scope})' if scope else ''}{'!' if breaks else ''}: {what}"
    message = parse(f"{header}\n\n{body}.\n\n{token}: {value}")
    footers = (Footer(token, ": ", value),)
    assert message == Message(kind, scope, what, breaks, f"{body}.", footers)


@given(st.text())
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Malformed):
        assert parse(text).description


@pytest.mark.parametrize(
    "unit", ["a", "feat(", "feat!", " ", "\n", "\n\nA: ", "BREAKING CHANGE", "\n\nA #", "(", "é\r"]
)
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str) -> None:
    """A quadratic step would take a hundred times as long."""
    for start in ("", "feat: x\n\n", "feat"):
        small = seconds(lambda: _tried(start + unit * (20_000 // len(unit))))  # noqa: B023
        large = seconds(lambda: _tried(start + unit * (200_000 // len(unit))))  # noqa: B023
        assert large < 40 * small + 0.2


def _tried(text: str) -> None:
    with suppress(Malformed):
        parse(text)
