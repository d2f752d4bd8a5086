"""The folder that a project is made of: its name, and which commits count."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from releases.history.folders import BadFolder, holds, tidy


@pytest.mark.parametrize(
    ("typed", "folder"),
    [
        ("", ""),
        (".", ""),
        ("/", ""),
        (" packages/front/ ", "packages/front"),
        ("./packages//front", "packages/front"),
        ("/packages/front", "packages/front"),
        (":(exclude)src", ":(exclude)src"),
        ("päckchen/*", "päckchen/*"),
    ],
)
def test_a_folder_is_named_as_git_does(typed: str, folder: str) -> None:
    assert tidy(typed) == folder


@pytest.mark.parametrize("typed", ["../etc", "a/../b", ".git", "a\\b", "a\nb", "a\0b", "x" * 201])
def test_what_lies_outside_is_refused(typed: str) -> None:
    with pytest.raises(BadFolder):
        tidy(typed)


@given(some.text(max_size=30))
def test_tidying_twice_changes_nothing(text: str) -> None:
    try:
        once = tidy(text)
    except BadFolder:
        return
    assert tidy(once) == once


def test_a_folder_holds_what_is_below_it_alone() -> None:
    assert holds("packages/front", "packages/front/src/a.ts")
    assert not holds("packages/front", "packages/frontier/a.ts")
    assert holds("", "README.md")
