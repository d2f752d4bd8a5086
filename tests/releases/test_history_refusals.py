"""What cannot be read is refused with a sentence that says why."""

import os
from pathlib import Path

import pytest

from releases.history import HistoryUnreadable, read_history
from releases.history.git import Git
from releases.history.unreadable import explained, printable
from tests.releases.repositories import Drawing, git


def refusal(path: str | os.PathLike[str], branch: str | None = None) -> str:
    with pytest.raises(HistoryUnreadable) as refused:
        list(read_history(path, branch=branch).commits())
    return refused.value.sentence


@pytest.mark.parametrize("path", ["/nonexistent/api", "--upload-pack=x", "", "\0", "a" * 5_000])
def test_there_is_nothing_at_the_path(path: str) -> None:
    if path:
        assert refusal(path).startswith("There is nothing at ")
        assert refusal(path).isprintable()


def test_a_file_is_no_directory(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refusal(tmp_path / "file") == f"{tmp_path}/file is not a directory."


def test_a_folder_is_no_repository_also_inside_of_one(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / "sub").mkdir()
    assert refusal(tmp_path / "sub") == f"{tmp_path}/sub is not the top of a git repository."


def test_a_link_to_a_repository_is_followed(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api.git")
    drawing.commit("feat: a")
    drawing.make()
    (tmp_path / "link").symlink_to("api.git")
    assert len(list(read_history(tmp_path / "link").commits())) == 1
    (tmp_path / "loop").symlink_to("loop")
    assert refusal(tmp_path / "loop").startswith("There is nothing at ")


def test_a_branch_that_is_not_there(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: a")
    assert refusal(drawing.make(), branch="--all") == f"{tmp_path} has no branch --all."


def test_a_path_that_starts_with_a_hyphen_is_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawing = Drawing(tmp_path / "--exec=x")
    drawing.commit("feat: a")
    drawing.make()
    monkeypatch.chdir(tmp_path)
    assert len(list(read_history("--exec=x").commits())) == 1


def test_a_tag_whose_commit_is_lost(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: a")
    path = drawing.make()
    (path / "refs" / "tags" / "v1.0.0").write_text("12345678" * 5 + "\n")
    assert refusal(path) == (
        f"v1.0.0 in {tmp_path} names an object that is not there; fetch it or delete the ref."
    )


def test_a_history_with_a_hole_is_refused_not_shortened(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    for n in range(3):
        git(tmp_path, "commit", "--quiet", "--allow-empty", f"--message=feat: {n}")
    middle = git(tmp_path, "rev-parse", "HEAD~1")
    (tmp_path / ".git" / "objects" / middle[:2] / middle[2:]).unlink()
    assert refusal(tmp_path) == (
        f"{tmp_path} lacks commits of its own history: it is damaged, or a partial clone."
    )


def test_a_format_of_the_future(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "core.repositoryFormatVersion", "99")
    assert refusal(tmp_path).endswith("that the git on this machine does not know.")


def test_a_broken_configuration(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".git" / "config").write_text("[core\n")
    assert refusal(tmp_path).startswith(f"git cannot read {tmp_path}: bad config line 1")


def test_git_that_hangs_is_stopped(tmp_path: Path) -> None:
    """A configuration that includes a pipe nobody writes to makes git wait for ever."""
    git(tmp_path, "init", "--quiet")
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / ".git" / "config").open("a") as config:
        config.write(f"[include]\n    path = {tmp_path}/pipe\n")
    with pytest.raises(HistoryUnreadable) as refused:
        read_history(tmp_path, idle_timeout_s=0.3)
    assert refused.value.sentence == (
        f"git said nothing about {tmp_path} for 0.3 s, so it was stopped."
    )


def test_a_machine_without_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(tmp_path) == "git is not installed on this machine."


def test_nothing_is_left_running(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    for n in range(30):
        drawing.commit(f"feat: {n}\n\n{'x' * 60_000}")
    stream = Git(drawing.make()).stream("log", "--format=%B")
    next(stream)
    process = stream.gi_frame.f_locals["process"]  # type: ignore[attr-defined]
    assert process.poll() is None
    stream.close()  # type: ignore[attr-defined]
    assert process.poll() is not None


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ("fatal: transport 'ext' not allowed\n", "X lacks commits of its own history"),
        ("error: open('.git/config'): Permission denied", "X may not be read by this user."),
        ("", "git cannot read X: it gave no reason."),
        ("warning: a\nfatal: b\x1b[31m\n", "git cannot read X: b [31m."),
    ],
)
def test_what_git_says_becomes_a_sentence(said: str, sentence: str) -> None:
    assert explained(said, "X").startswith(sentence)


def test_what_is_shown_fits_into_a_sentence() -> None:
    assert printable("a\nb\ud800" + "c" * 500) == "a b?" + "c" * 196 + "…"
