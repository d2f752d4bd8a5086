"""`manage.py next_version`: what the next release of any repository would be called."""

from pathlib import Path

import pytest

from tests.releases.commands import manage
from tests.releases.repositories import Drawing, git


def told(path: Path, *arguments: str) -> tuple[str, str]:
    """What it prints, and the sentences beside it."""
    done = manage("next_version", "--repo", path, *arguments)
    assert done.returncode == 0
    return done.stdout.strip(), done.stderr.strip()


def drawn(path: Path, *steps: str) -> Path:
    """A repository with these messages; what starts with a v tags the one before."""
    drawing = Drawing(path / "api.git")
    for step in steps:
        if step[:1] == "v":
            drawing.tag(step)
        else:
            drawing.commit(step)
    return drawing.make()


@pytest.mark.parametrize(
    ("steps", "version"),
    [
        (("feat!: a",), "0.1.0"),
        (("feat: a", "v1.4.2", "fix: b", "docs: c"), "1.4.3"),
        (("feat: a", "v1.4.2", "fix: b", "feat: c"), "1.5.0"),
        (("feat: a", "v1.4.2", "chore: b\n\nBREAKING-CHANGE: c"), "2.0.0"),
        (("feat: a", "v0.4.2", "feat!: b"), "0.5.0"),
        (("feat: a", "v1.4.2", "fix: b\n\nRelease-As: 3.0.0"), "3.0.0"),
        (("feat: a", "v1.4.2", "feat: b", "v2.0.0-rc.1", "fix: c"), "2.0.0"),
        (("feat: a", "v1.4.2", "fix: b", "feat: c", 'Revert "feat: c"'), "1.4.3"),
        (("feat: a", "v1.4.2", "feat: b", 'Revert "feat: b"', 'Reapply "feat: b"'), "1.5.0"),
        (("feat: a", "v1.4.2", 'Revert "feat: a"'), "1.4.3"),
    ],
)
def test_it_follows_the_commits(tmp_path: Path, steps: tuple[str, ...], version: str) -> None:
    assert told(drawn(tmp_path, *steps)) == (
        version,
        "A commit asks for 3.0.0 by “Release-As”." if version == "3.0.0" else "",
    )


@pytest.mark.parametrize(
    ("steps", "version"),
    [
        (("feat: a", "v1.3.0", "feat: b"), "1.4.0-rc.1"),
        (("feat: a", "v1.3.0", "feat: b", "v1.4.0-rc.1", "fix: c"), "1.4.0-rc.2"),
        (("feat: a", "v1.3.0", "feat: b", "v1.4.0-rc.1", "feat!: c"), "2.0.0-rc.1"),
        (("feat: a", "v1.3.0", "feat: b", "v1.4.0-beta.3", "fix: c"), "1.4.0-rc.1"),
        (("feat: a", "v1.3.0", "feat: b", "v1.4.0-rc.9", "fix: c", "v1.4.0-rc.10", "fix: d"),
         "1.4.0-rc.11"),
    ],
)  # fmt: skip
def test_a_channel_counts_its_pre_releases(
    tmp_path: Path, steps: tuple[str, ...], version: str
) -> None:
    assert told(drawn(tmp_path, *steps), "--pre-release", "rc") == (version, "")


def test_nothing_is_printed_while_nothing_asks_for_a_release(tmp_path: Path) -> None:
    version, sentence = told(drawn(tmp_path, "feat: a", "v1.4.2", "docs: b"))
    assert version == ""
    assert sentence.startswith("No commit since 1.4.2 asks for a release")


def test_no_pre_release_follows_another_without_need(tmp_path: Path) -> None:
    path = drawn(tmp_path, "feat: a", "v1.3.0", "feat: b", "v1.4.0-rc.1", "docs: c")
    sentence = "No commit since the last pre-release asks for 1.4.0-rc.2."
    assert told(path, "--pre-release", "rc") == ("", sentence)
    assert told(path, "--pre-release", "rc", "--bump", "minor") == ("1.4.0-rc.2", "")


def test_a_person_and_the_policy_have_their_say(tmp_path: Path) -> None:
    path = drawn(tmp_path, "feat: a", "v0.4.2", "feat!: b")
    assert told(path, "--bump", "patch") == ("0.4.3", "")
    assert told(path, "--breaking-in-zero", "major") == ("1.0.0", "")


def test_a_branch_goes_on_from_its_own_release(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: a")
    drawing.tag("pkg@1.0.0")
    drawing.commit("feat: b")
    drawing.tag("pkg@2.0.0")
    drawing.commit("fix: backport", parents=(1,), branch="release/1")
    path = drawing.make()
    asked = ("--tag-prefix", "pkg@", "--branch", "release/1")
    assert told(path, *asked) == ("1.0.1", "")


@pytest.mark.parametrize(
    ("commit", "version"), [("main", "1.1.1"), ("v1.1.0", ""), ("v1.1.0~1", "1.0.1")]
)
def test_a_commit_without_a_branch_stands_for_itself(
    tmp_path: Path, commit: str, version: str
) -> None:
    """As a CI that checks out a commit has it, and whoever looks back: as of that commit."""
    path = drawn(tmp_path, "feat: a", "v1.0.0", "fix: b", "feat: c", "v1.1.0", "fix: d")
    git(path, "update-ref", "--no-deref", "HEAD", commit)
    found, sentences = told(path)
    assert found == version
    assert ("Tags on later commits do not count: 1." in sentences) == (commit == "v1.1.0~1")


def test_help_needs_no_settings_either() -> None:
    assert "--pre-release" in manage("help", "next_version").stdout


def test_a_channel_is_a_word(tmp_path: Path) -> None:
    done = manage("next_version", "--repo", tmp_path, "--pre-release", "rc.1")
    assert done.returncode == 2
    assert "is no channel" in done.stderr
