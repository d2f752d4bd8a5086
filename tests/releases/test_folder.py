"""The folder that a project is made of: its name, and which commits count."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from releases.history import read_history
from releases.history.folders import BadFolder, holds, tidy
from tests.releases.commands import manage
from tests.releases.repositories import Drawing


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


@settings(deadline=None)
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


def drawn(path: Path) -> Path:
    """A repository of two packages and what lies beside them."""
    drawing = Drawing(path / "mono.git")
    both = ["packages/front/a", "packages/back/b"]
    drawing.commit("feat: both begin", changes=both)
    drawing.tag("front-v1.0.0")
    drawing.tag("back/v1.0.0")
    drawing.commit("feat: for the back", changes=["packages/back/b"])
    drawing.commit("docs: say what it is", changes=["README.md"])
    drawing.commit("fix: for the front", changes=["packages/front/a"])
    return drawing.make()


def brought(path: Path, folder: str = "packages/front") -> list[str]:
    """The subjects of the commits that count, newest first."""
    commits = read_history(path, folder=folder).commits()
    return [each.message for each in commits if each.touches]


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("packages/front", ["fix: for the front", "feat: both begin"]),
        ("packages/back", ["feat: for the back", "feat: both begin"]),
        ("packages", ["fix: for the front", "feat: for the back", "feat: both begin"]),
        ("packages/fro", []),
        ("packages/*", []),
        (":(exclude)packages", []),
    ],
)
def test_only_what_touches_the_folder_counts(
    tmp_path: Path, folder: str, expected: list[str]
) -> None:
    assert brought(drawn(tmp_path), folder) == expected


def test_a_merge_counts_for_what_it_brings_to_its_first_parent(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "mono.git")
    drawing.commit("feat: root", changes=["front/a", "back/b"])
    drawing.commit("fix: front", branch="topic", parents=(1,), changes=["front/a"])
    drawing.commit("fix: back", parents=(1,), changes=["back/b"])
    drawing.commit("Merge topic", parents=(3, 2), changes=["front/a"])
    drawing.commit("Merge main", branch="topic", parents=(2, 4), changes=["back/b"])
    path = drawing.make()
    assert brought(path, "front") == ["Merge topic", "fix: front", "feat: root"]


def test_work_that_came_to_nothing_counts_all_the_same(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "mono.git")
    drawing.commit("feat: root", changes=["front/a"])
    drawing.commit("feat: try", branch="topic", parents=(1,), changes=["front/b"])
    drawing.commit('Revert "feat: try"', branch="topic", gone=["front/b"])
    drawing.commit("docs: x", parents=(1,), changes=["README"])
    drawing.commit("Merge topic", parents=(4, 3))
    assert brought(drawing.make(), "front") == ['Revert "feat: try"', "feat: try", "feat: root"]


def test_a_file_that_moves_counts_where_it_was_and_where_it_is(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "mono.git")
    drawing.commit("feat: root", changes=["front/a"])
    drawing.commit("refactor: move", changes=["back/a"], gone=["front/a"])
    path = drawing.make()
    assert brought(path, "front") == ["refactor: move", "feat: root"]
    assert brought(path, "back") == ["refactor: move"]


def test_a_file_with_the_name_of_a_commit_confuses_nobody(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "mono.git")
    drawing.commit("feat: a", changes=["front/" + "a" * 40, '"front/new\\nline"', "front/b"])
    drawing.commit("", changes=["front/b"])
    assert brought(drawing.make(), "front") == ["", "feat: a"]


@pytest.mark.parametrize(
    ("tags", "prefix"),
    [
        (["front-v1.0.0", "v1.0.0"], "front-"),
        (["@scope/front@1.0.0", "@scope/back@1.0.0"], "@scope/front@"),
        (["front/v1.0.0", "frontier/v1.0.0"], "front/"),
        (["packages/front/v1.0.0"], "packages/front/"),
        (["v1.0.0"], ""),
    ],
)
def test_the_folders_tags_are_found_however_they_are_written(
    tmp_path: Path, tags: list[str], prefix: str
) -> None:
    drawing = Drawing(tmp_path / "mono.git")
    drawing.commit("feat: a", changes=["packages/front/a"])
    for tag in tags:
        drawing.tag(tag)
    history = read_history(drawing.make(), folder="packages/front")
    assert (history.tag_prefix, len(history.tags)) == (prefix, 1)


def test_a_folder_that_no_commit_touches_is_said(tmp_path: Path) -> None:
    history = read_history(drawn(tmp_path), folder="nowhere")
    list(history.commits())
    assert history.warnings[-1] == "No commit changes anything in nowhere."


def test_the_commands_take_a_folder(tmp_path: Path) -> None:
    path = drawn(tmp_path)
    front = manage("next_version", "--repo", path, "--folder", "packages/front/")
    assert front.stdout.strip() == "1.0.1"
    told = manage("changelog", "--repo", path, "--folder", "packages/back").stdout
    assert "for the back" in told
    assert "for the front" not in told
    linted = manage("lint_commits", "--repo", path, "--folder", "packages/back")
    assert linted.stderr.startswith("2 messages")


def test_the_commands_take_a_policy(tmp_path: Path) -> None:
    path, policy = drawn(tmp_path), tmp_path / "policy.json"
    policy.write_text('{"types": [{"name": "docs", "title": "Words", "bump": "major"}]}')
    ask = ("--repo", path, "--policy", policy)
    assert manage("next_version", *ask, "--tag-prefix", "front-").stdout.strip() == "2.0.0"
    assert "### Words" in manage("changelog", *ask).stdout
    assert manage("lint_commits", *ask).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (("--folder", "../x"), "inside the repository"),
        (("--policy", "/nowhere"), "cannot be read"),
        (("--policy", __file__), "is no JSON"),
    ],
)
def test_the_commands_refuse_what_they_cannot_follow(arguments: tuple[str, str], why: str) -> None:
    done = manage("next_version", *arguments)
    assert (done.returncode, why in done.stderr) == (2, True)
