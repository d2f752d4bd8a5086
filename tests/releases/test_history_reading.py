"""Reading real repositories: what is taken in, and how."""

import shutil
from pathlib import Path

import pytest

from releases.history import LoggedCommit, read_history
from tests.releases.repositories import START, Drawing, git


@pytest.fixture
def drawing(tmp_path: Path) -> Drawing:
    return Drawing(tmp_path / "api.git")


def subjects(path: Path) -> list[str]:
    return [commit.message.partition("\n")[0] for commit in read_history(path).commits()]


def by_subject(path: Path) -> dict[str, LoggedCommit]:
    commits = read_history(path).commits()
    return {commit.message.partition("\n")[0]: commit for commit in commits}


def test_commits_come_newest_first_with_who_and_when(drawing: Drawing) -> None:
    drawing.commit("feat: a", author="Ada")
    drawing.commit("fix: b\n\nWhy.", author="Ben")
    newest, oldest = read_history(drawing.make()).commits()
    assert (newest.position, oldest.position) == (0, 1)
    assert (newest.author_name, newest.author_email) == ("Ben", "ben@example.com")
    assert newest.message == "fix: b\n\nWhy."
    assert newest.parents == (oldest.sha,)
    assert (oldest.committed_at - START).total_seconds() == 3_600


def test_tags_that_are_versions_are_releases(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("fix: b")
    drawing.tag("v1.0.1", hour=9)
    drawing.tag("latest")
    drawing.commit("fix: c")
    history = read_history(drawing.make())
    commits = list(history.commits())
    assert [tag.name for tag in history.tags] == ["v1.0.0", "v1.0.1"]
    assert [tag.is_annotated for tag in history.tags] == [False, True]
    assert [commit.release for commit in commits] == [None, "v1.0.1", "v1.0.0"]
    hours = [(history.released_at(tag) - START).total_seconds() / 3_600 for tag in history.tags]
    assert hours == [1, 9]


def test_a_release_branch_is_read_though_trunk_never_got_it(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("fix: backport", branch="release/1.0")
    drawing.tag("v1.0.1")
    drawing.commit("feat: next", parents=(1,))
    history = read_history(drawing.make())
    commits = {commit.message: commit for commit in history.commits()}
    assert history.default_branch == "main"
    assert not commits["fix: backport"].is_on_head
    assert commits["fix: backport"].release == "v1.0.1"
    assert commits["feat: next"].stable_release is None
    assert [tag.name for tag in history.trunk_tags] == ["v1.0.0"]


def test_a_release_cut_on_a_branch_of_its_own_still_is_of_trunk(drawing: Drawing) -> None:
    """The tag sits on a commit that trunk lacks, but released trunk's commits first."""
    drawing.commit("feat: a")
    drawing.commit("chore: set the version", branch="release/1.0")
    drawing.tag("v1.0.0")
    drawing.commit("fix: b", parents=(1,))
    history = read_history(drawing.make())
    list(history.commits())
    assert [tag.name for tag in history.trunk_tags] == ["v1.0.0"]


def test_chunks_hold_the_same_commits(drawing: Drawing) -> None:
    for n in range(5):
        drawing.commit(f"fix: {n}")
    history = read_history(drawing.make())
    assert [len(chunk) for chunk in history.chunks(2)] == [2, 2, 1]
    assert tuple(commit for chunk in history.chunks(2) for commit in chunk) == tuple(
        history.commits()
    )


def test_a_reader_may_stop_early(drawing: Drawing) -> None:
    for n in range(50):
        drawing.commit(f"fix: {n}\n\n{'x' * 50_000}")
    commits = read_history(drawing.make()).commits()
    assert next(commits).position == 0
    commits.close()  # type: ignore[attr-defined]


def test_the_branch_may_be_named(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.commit("feat: b", branch="next")
    path = drawing.make()
    assert read_history(path).default_branch == "main"
    assert len(list(read_history(path).commits())) == 1
    assert len(list(read_history(path, branch="next").commits())) == 2


def test_a_package_is_read_by_the_prefix_of_its_tags(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("pkg@1.0.0")
    drawing.tag("other@2.0.0")
    drawing.tag("v3.0.0")
    path = drawing.make()
    assert [tag.name for tag in read_history(path, tag_prefix="pkg@").tags] == ["pkg@1.0.0"]
    history = read_history(path)
    assert [tag.name for tag in history.tags] == ["v3.0.0"]
    assert [tag.prefix for tag in history.nearly] == ["other@", "pkg@"]
    assert history.warnings == (
        "Tags other@2.0.0, pkg@1.0.0 are nearly versions and were left out: "
        "they have a package name before the version.",
    )


def test_tags_that_are_nearly_versions_are_told_with_the_reason(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("v1.2")
    history = read_history(drawing.make())
    assert history.tags == ()
    assert history.warnings == (
        "Tag v1.2 is nearly a version and was left out: it has fewer than three numbers.",
    )


def test_one_version_under_two_names_is_one_release(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("1.0.0", hour=1)
    drawing.commit("feat: b")
    drawing.tag("v1.0.0", hour=2)
    history = read_history(drawing.make())
    assert [tag.name for tag in history.tags] == ["1.0.0"]
    assert history.warnings == (
        "Tag v1.0.0 is left out: 1.0.0 is the same version on another commit.",
    )


def test_tags_of_tags_and_tags_of_files(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    drawing.tag("v1.0.0", hour=1)
    path = drawing.make()
    git(path, "tag", "--annotate", "--message=x", "v1.1.0", "v1.0.0")
    git(path, "tag", "--annotate", "--message=x", "v1.2.0", "v1.1.0")
    git(path, "tag", "v1.3.0", git(path, "hash-object", "-w", "--stdin", stdin=b"x"))
    history = read_history(path)
    assert [tag.name for tag in history.tags] == ["v1.0.0", "v1.1.0", "v1.2.0"]
    assert len({tag.sha for tag in history.tags}) == 1
    assert history.warnings == ("Tag v1.3.0 is left out: it is not on a commit.",)


def test_ten_thousand_tags_on_one_commit(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    path = drawing.make()
    sha = git(path, "rev-parse", "main")
    packed = (f"{sha} refs/tags/v0.{n // 100}.{n % 100}\n" for n in range(10_000))
    (path / "packed-refs").write_text(
        "# pack-refs with: peeled fully-peeled sorted \n" + "".join(sorted(packed))
    )
    history = read_history(path)
    assert len(history.tags) == 10_000
    assert [commit.release for commit in history.commits()] == ["v0.0.0"]


def test_an_empty_history_is_a_history(drawing: Drawing) -> None:
    history = read_history(drawing.make())
    assert (history.head, list(history.commits())) == (None, [])
    assert history.warnings == ("There are no commits yet.",)


def test_checkouts_worktrees_and_subfolders_named_git_are_read(tmp_path: Path) -> None:
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    origin = bare.make()
    checkout, worktree = tmp_path / "check out", tmp_path / "-worktree"
    git(tmp_path, "clone", "--quiet", str(origin), str(checkout))
    git(checkout, "worktree", "add", "--quiet", "-b", "topic", str(worktree))
    for path in (origin, checkout, checkout / ".git", worktree):
        assert subjects(path) == ["feat: a"]
    assert read_history(worktree).default_branch == "topic"


def test_a_checkout_without_a_branch_falls_back_to_the_usual_one(tmp_path: Path) -> None:
    bare = Drawing(tmp_path / "bare.git")
    bare.commit("feat: a")
    bare.commit("feat: b")
    git(tmp_path, "clone", "--quiet", str(bare.make()), "clone")
    git(tmp_path / "clone", "checkout", "--quiet", "--detach", "HEAD~1")
    assert read_history(tmp_path / "clone").default_branch == "main"
    git(tmp_path / "clone", "branch", "--quiet", "--move", "main", "one")
    git(tmp_path / "clone", "branch", "--quiet", "two")
    history = read_history(tmp_path / "clone")
    assert history.default_branch is None
    assert len(list(history.commits())) == 1
    assert "No branch is checked out" in history.warnings[0]


def test_a_shallow_clone_is_read_as_far_as_it_goes_and_says_so(tmp_path: Path) -> None:
    bare = Drawing(tmp_path / "bare.git")
    for n in range(4):
        bare.commit(f"feat: {n}")
    origin = bare.make()
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{origin}", "clone")
    history = read_history(tmp_path / "clone")
    assert len(list(history.commits())) == 2
    assert history.warnings[0].startswith("The clone is shallow")


def test_reading_changes_nothing(drawing: Drawing) -> None:
    drawing.commit("feat: a")
    path = drawing.make()
    before = sorted((file, file.stat().st_mtime_ns) for file in path.rglob("*"))
    subjects(path)
    assert sorted((file, file.stat().st_mtime_ns) for file in path.rglob("*")) == before


def test_history_in_sha256_is_read(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--object-format=sha256", "--initial-branch=main")
    git(tmp_path, "commit", "--quiet", "--allow-empty", "--message=feat: a")
    (only,) = read_history(tmp_path).commits()
    assert len(only.sha) == 64
    shutil.rmtree(tmp_path / ".git")
