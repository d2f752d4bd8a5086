"""A revert and what it reverts cancel each other out."""

import pytest

from releases.conventional.bump import bump_of
from releases.conventional.changes import Change, change_of, surviving
from releases.conventional.policy import Bump
from tests.releases.timing import seconds

SHA = "{:040x}".format


def changes(*messages: str) -> tuple[Change, ...]:
    """Changes with these messages, the oldest first as people tell it, numbered from 1."""
    oldest_first = [change_of(SHA(n), text) for n, text in enumerate(messages, start=1)]
    return tuple(reversed(oldest_first))


def left(*messages: str) -> list[str]:
    return [change.reading.subject for change in reversed(surviving(changes(*messages)))]


@pytest.mark.parametrize(
    "revert",
    [
        f'Revert "feat: a"\n\nThis reverts commit {SHA(1)}.',
        f"revert: whatever\n\nRefs: {SHA(1)}",
        f"Back out the thing\n\nThis reverts commit {SHA(1)}.",
        'Revert "feat: a" (#9)\n\nReverts demo/api#3',
        'Revert "feat: a (#3)" (#9)',
        'Revert "feat: a"',
        "revert: feat: a",
        'revert: "feat: a"',
    ],
)
def test_both_are_gone(revert: str) -> None:
    assert left("feat: a (#3)", "fix: b", revert) == ["fix: b"]


def test_a_commit_that_only_speaks_of_a_revert_is_none() -> None:
    told = f"fix: what came after\n\nThis reverts commit {SHA(1)} in part."
    assert left("feat: a", told) == ["feat: a", "fix: what came after"]
    assert left("feat: a", f"Tidy\n\n* x\n\nThis reverts commit {SHA(1)}.")[0] == "feat: a"


def test_the_version_forgets_both() -> None:
    gone = surviving(changes("fix: b", "feat: a", 'Revert "feat: a"'))
    assert bump_of(gone) is Bump.PATCH


def test_a_revert_of_something_released_stays_and_patches() -> None:
    alone = surviving(changes('Revert "feat: a"'))
    assert bump_of(alone) is Bump.PATCH


@pytest.mark.parametrize("again", ['Reapply "feat: a"', 'Revert "Revert "feat: a""'])
def test_what_was_applied_again_is_there_once(again: str) -> None:
    assert left("feat: a", 'Revert "feat: a"', again) == ["feat: a"]


def test_reverted_applied_again_and_reverted_is_gone() -> None:
    messages = ("feat: a", 'Revert "feat: a"', 'Reapply "feat: a"', 'Revert "Reapply "feat: a""')
    assert left(*messages) == []


def test_applying_again_what_was_reverted_in_an_earlier_release_counts_as_itself() -> None:
    assert bump_of(surviving(changes('Reapply "feat: a"'))) is Bump.MINOR


def test_of_two_with_one_subject_the_newer_one_goes() -> None:
    gone = surviving(changes("fix: typo", "docs: b", "fix: typo", 'Revert "fix: typo"'))
    assert [change.sha for change in gone] == [SHA(2), SHA(1)]


ONE, TWO, TWIN = "1111111" + "a" * 33, "2222222" + "b" * 33, "1111111" + "c" * 33


@pytest.mark.parametrize("sha", [ONE, ONE[:12], ONE[:8]])
def test_a_revert_and_its_own_revert_name_commits_by_id(sha: str) -> None:
    first = change_of(ONE, "feat: a")
    revert = change_of(TWO, f"revert: that\n\nThis reverts commit {sha}.")
    again = change_of("3" * 40, f"Revert it back\n\nThis reverts commit {TWO[:9]}.")
    assert surviving([revert, first]) == ()
    assert surviving([again, revert, first]) == (first,)


def test_a_short_id_that_fits_two_commits_names_none() -> None:
    both = [change_of(TWIN, "fix: b"), change_of(ONE, "feat: a")]
    short = change_of(TWO, f"revert: that\n\nRefs: {ONE[:7]}")
    longer = change_of(TWO, f"revert: that\n\nRefs: {ONE[:8]}")
    assert surviving([short, *both]) == (short, *both)
    assert surviving([longer, *both]) == (both[0],)


def test_a_revert_of_a_revert_by_subject_restores() -> None:
    assert left("feat: a", "revert: feat: a", "revert: revert: feat: a") == ["feat: a"]


def test_a_title_that_was_cut_off_is_recognised() -> None:
    long = "feat: change requests for disabled strategies (#3814)"
    assert left(long, 'Revert "feat: change requests for disabled… (#3817)') == []
    assert left(long, 'Revert "feat: change requests for disabled strategies (#38… (#3817)') == []


def test_a_revert_takes_back_nothing_newer_than_itself() -> None:
    assert left('Revert "feat: a"', "feat: a") == ['Revert "feat: a"', "feat: a"]


def test_the_revert_of_a_merge_can_be_read() -> None:
    merge = "Merge branch 'topic'"
    revert = (
        f'Revert "{merge}"\n\nThis reverts commit {SHA(2)}, reversing\nchanges made to {SHA(9)}.'
    )
    assert left("feat: a", merge, revert) == ["feat: a", merge, f'Revert "{merge}"']


def test_the_revert_of_a_merge_takes_back_the_commit_of_that_title() -> None:
    merge = "Merge pull request #7 from ben/a"
    revert = (
        f'Revert "feat: a"\n\nThis reverts commit {SHA(2)}, reversing\nchanges made to {SHA(9)}.'
    )
    assert left("feat: a", merge, revert) == [merge]


def test_several_commits_are_taken_back_at_once() -> None:
    both = f"revert: all of it\n\nThis reverts commit {SHA(1)}.\nThis reverts commit {SHA(2)}."
    assert left("feat: a", "fix: b", "docs: c", both) == ["docs: c"]


@pytest.mark.parametrize(
    "revert",
    ['Revert "fix: {n}"', 'Revert "fix: {n}…', 'Revert "x"\n\nThis reverts commit 0000000.'],
)
def test_thousands_of_reverts_take_their_time_only(revert: str) -> None:
    def reverted(count: int) -> tuple[Change, ...]:
        wrong = [f"fix: {n}" for n in range(count)]
        return changes(*wrong, *(revert.format(n=f"no {n}") for n in range(count)))

    few, many = reverted(500), reverted(5_000)
    assert seconds(lambda: surviving(many)) < 40 * seconds(lambda: surviving(few)) + 0.5
