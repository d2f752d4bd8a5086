"""The lenient reader, on what real histories hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from releases.conventional.message import Malformed
from releases.conventional.parse import parse
from releases.conventional.policy import DEFAULT_POLICY, ChangeType, Policy
from releases.conventional.reading import read
from tests.releases.timing import seconds


def test_a_squashed_pull_request_keeps_its_number() -> None:
    reading = read("feat(ui): a darker dark (#1234)")
    assert (reading.type, reading.scope, reading.description) == ("feat", "ui", "a darker dark")
    assert reading.pull_request == 1234


def test_of_several_numbers_the_last_is_the_pull_request() -> None:
    reading = read("fix: x (#12) (#34)")
    assert reading.description == "x"
    assert reading.pull_request == 34


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Merge pull request #7 from ben/topic\n\nAdd a thing", 7),
        ("Merge branch 'topic' into 'main'\n\nAdd it\n\nSee merge request a/b!8", 8),
        ("Merged in topic (pull request #9)", 9),
    ],
)
def test_merges_of_every_forge_are_merges(text: str, number: int) -> None:
    reading = read(text)
    assert reading.kind == "merge"
    assert reading.pull_request == number
    assert reading.type is None


def test_a_squash_of_azure_is_read_behind_its_number() -> None:
    reading = read("Merged PR 12: fix(api): x")
    assert (reading.kind, reading.type, reading.pull_request) == ("conventional", "fix", 12)


def test_a_merge_with_a_conventional_title_counts() -> None:
    assert read("feat: x (#3)", is_merge=True).type == "feat"
    assert read("Sync with upstream", is_merge=True).kind == "merge"


def test_a_scope_may_be_a_call() -> None:
    reading = read("fix(useEffect(a, b))!: x")
    assert (reading.type, reading.scope, reading.is_breaking) == ("fix", "useEffect(a, b)", True)


@pytest.mark.parametrize("text", ["api/v2!: drop it", "chore: x\n\nBody.\n\nfix!: drop it"])
def test_what_the_strict_parser_calls_breaking_breaks(text: str) -> None:
    reading = read(text)
    assert (reading.is_breaking, parse(text).is_breaking) == (True, True)
    assert reading.breaking_notes == (reading.description,)


@pytest.mark.parametrize(
    "text",
    [
        "Feat: x", " feat: x", "feat:x", "feat : x", "feat (a): x", "feat!(a): x", "feat():  x",
        "\ufefffeat: x",
    ],
)  # fmt: skip
def test_small_slips_in_the_header_are_forgiven(text: str) -> None:
    reading = read(text)
    assert (reading.type, reading.description) == ("feat", "x")
    assert reading.is_breaking == ("!" in text)


@pytest.mark.parametrize("text", ["", "8.1.0", "http://example.com", "Sa 653 show (#1)", "(a): b"])
def test_what_names_no_type_is_other(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.type) == ("other", None)


def test_a_type_of_the_house_is_kept() -> None:
    assert read("task: enabled in OSS").type == "task"
    house = Policy((*DEFAULT_POLICY.types, ChangeType("task", "Tasks")))
    assert read("task:enabled", house).type == "task"


@pytest.mark.parametrize(
    "footer",
    [
        "\n\nBREAKING CHANGE: gone",
        "\nBREAKING CHANGE: gone",
        "\n\nBREAKING CHANGE:\ngone",
        "\n\nBREAKING-CHANGE:gone",
        "\n\ntext\nBREAKING CHANGE: gone",
        "\n\nRefs: 1\nBREAKING CHANGE: gone\nAcked-by: Ben",
    ],
)
def test_a_breaking_note_is_not_overlooked(footer: str) -> None:
    reading = read(f"fix: x{footer}")
    assert reading.is_breaking
    assert reading.breaking_notes == ("gone",)


def test_talking_about_breaking_changes_breaks_nothing() -> None:
    assert not read("chore(deps): x\n\n##### BREAKING CHANGES\n\n- many").is_breaking
    assert not read("docs: x\n\nThis is no BREAKING CHANGE: really").is_breaking


def test_people_and_the_wished_version_come_from_the_footers() -> None:
    text = "feat: x\n\nRelease-As: 2.0.0\nCo-authored-by: Ben Bloom <ben@example.com>"
    reading = read(text)
    assert reading.release_as == "2.0.0"
    assert reading.co_authors == ("Ben Bloom",)


def test_a_revert_names_what_it_takes_back() -> None:
    text = 'Revert "feat: x (#10)" (#11)\n\nThis reverts commit 0123456789abcdef.'
    reading = read(text)
    assert (reading.kind, reading.type, reading.description) == ("revert", "revert", "feat: x")
    assert reading.pull_request == 11
    assert reading.reverts is not None
    assert reading.reverts.shas == ("0123456789abcdef",)
    assert reading.reverts.pull_request == 10
    assert reading.reverts.subject == "feat: x"


def test_a_revert_in_the_form_of_the_specification_names_its_commits() -> None:
    reading = read("revert: let us never again speak of it\n\nRefs: 676104e, a215868")
    assert reading.reverts is not None
    assert reading.reverts.shas == ("676104e", "a215868")


@pytest.mark.parametrize("text", ['Reapply "feat(a): x" (#3)', 'Revert "Revert "feat(a): x""'])
def test_applying_again_is_the_change_itself(text: str) -> None:
    reading = read(text)
    assert (reading.kind, reading.type, reading.scope) == ("reapply", "feat", "a")
    assert reading.reverts is not None
    assert reading.reverts.subject == 'Revert "feat(a): x"'


def test_reverting_a_breaking_change_breaks_nothing() -> None:
    assert not read('Revert "feat!: x"').is_breaking


@given(st.text())
def test_no_text_is_too_odd(text: str) -> None:
    reading = read(text)
    assert reading.subject == reading.subject.strip()


@given(st.text(alphabet='feat:()!# \n"RevertBAKINGCHNE-€\ud800\x00\r1'))
def test_what_the_strict_parser_takes_means_the_same_here(text: str) -> None:
    try:
        message = parse(text)
    except Malformed:
        return
    reading = read(text)
    if reading.kind == "conventional" and reading.pull_request is None:
        assert reading.type == message.type.lower()
        assert reading.scope == (message.scope or "").strip() or None
        # That a footer's token may break, only the grammar knows.
        if not any(footer.token.endswith("!") for footer in message.footers):
            assert reading.is_breaking or not message.is_breaking


@pytest.mark.parametrize(
    "unit",
    ["a", " ", "feat(", 'Revert "', "(#1) ", "\n\nA: ", "! ", "\nThis reverts commit ", "_-"],
)
def test_ten_times_the_text_takes_about_ten_times_as_long(unit: str) -> None:
    for start in ("", "feat", "feat: ", 'Revert "', "Merged in "):
        small = seconds(lambda: read(start + unit * (20_000 // len(unit))))  # noqa: B023
        large = seconds(lambda: read(start + unit * (200_000 // len(unit))))  # noqa: B023
        assert large < 40 * small + 0.2
