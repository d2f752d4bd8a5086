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


@pytest.mark.parametrize(
    ("rest", "footers"),
    [
        ("Refs: 1\nFixes #2", [("Refs", "1"), ("Fixes", "2")]),
        ("Refs: 1\n\n\nFixes #2", [("Refs", "1"), ("Fixes", "2")]),
        ("body\nRefs: 1", [("Refs", "1")]),
        (
            "Note: one\n  two\n\n  three\nRefs: 1",
            [("Note", "one\n  two\n\n  three"), ("Refs", "1")],
        ),
        ("body\n\nNote: one\ntwo\nRefs: 1", [("Note", "one\ntwo"), ("Refs", "1")]),
        ("BREAKING CHANGE: one\ntwo", [("BREAKING CHANGE", "one\ntwo")]),
        ("fix(api)!: two\nReviewed-by:Ben", [("fix(api)!", "two"), ("Reviewed-by", "Ben")]),
    ],
)
def test_a_footer_reaches_over_lines_to_the_next_token(
    rest: str, footers: list[tuple[str, str]]
) -> None:
    """Rules 8 and 10, and the grammar's continuation lines."""
    message = parse(f"fix: x\n\n{rest}  \n")
    assert [(footer.token, footer.value) for footer in message.footers] == footers


@pytest.mark.parametrize("rest", ["Note: no footer\n\nThis is body.", "Fixes #2 and\nmore"])
def test_a_token_with_body_below_it_is_body(rest: str) -> None:
    message = parse(f"fix: x\n\n{rest}")
    assert (message.body, message.footers) == (rest, ())


def test_a_squashed_title_above_other_text_is_no_footer() -> None:
    message = parse("chore: x\n\nNote: one\nfeat!: two\nthree")
    assert message.footers == (Footer("Note", ": ", "one\nfeat!: two\nthree"),)
    assert not message.is_breaking
    assert parse("chore: x\n\nfeat!: two").is_breaking


def test_a_breaking_change_in_the_body_breaks_too() -> None:
    message = parse("fix: x\n\nBREAKING CHANGE:\n\nThe old one is gone.\n\nRefs: 1")
    assert message.is_breaking
    assert message.footers == (Footer("Refs", ": ", "1"),)


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


def test_the_type_is_compared_in_any_case_and_kept_as_written() -> None:
    """Rule 15."""
    assert parse("FEAT: x", DEFAULT_POLICY.names).type == "FEAT"


@pytest.mark.parametrize("kind", ["#1391", "[docs]", "feat/api", "🎉", "task_2"])
def test_a_type_may_be_any_word(kind: str) -> None:
    assert parse(f"{kind}(a b):  x").type == kind


def test_blank_lines_above_the_header_are_passed_over() -> None:
    assert parse("\n \nfix: x\n\nbody").body == "body"
    with pytest.raises(Malformed, match="Line 4, column 1: expected a blank line"):
        parse("\n\nfix: x\nbody")


def test_line_ends_of_other_systems_make_no_difference() -> None:
    text = "fix: x\n\nbody\n\nRefs: 1"
    assert parse(text.replace("\n", "\r\n")) == parse(text) == parse(text.replace("\n", "\r"))


def test_a_byte_order_mark_is_no_part_of_the_type() -> None:
    assert parse("\ufefffeat: x", DEFAULT_POLICY.names) == parse("feat: x")


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
        ("feat #1: x", 1, 5, "after the type"),
        ("feat(): x", 1, 6, "a scope"),
        ("feat( ): x", 1, 6, "a scope"),
        ("feat(a: x", 1, 10, "“)”"),
        ("feat(a(b)): x", 1, 7, "“)”"),
        ("feat(a) : x", 1, 8, "“:” or “!:”"),
        ("feat!(a): x", 1, 6, "“:” after the “!”"),
        ("feat:x", 1, 6, "a blank after the colon"),
        ("feat:", 1, 6, "a blank and a description"),
        ("feat:   ", 1, 6, "a blank and a description"),
        ("feat: x\nbody", 2, 1, "a blank line"),
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
    "unit",
    [
        "a",
        "feat(",
        "feat!",
        " ",
        "\n",
        "\n\nA: ",
        "BREAKING CHANGE",
        "\n\nA #",
        "(",
        "é\r",
        "\nA: b",
        "\n c",
    ],
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
