"""`manage.py lint_commits`: which messages do not follow Conventional Commits."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from releases.conventional.lint import judge, without_comments
from releases.conventional.message import Message
from tests.releases.commands import ROOT, manage
from tests.releases.repositories import Drawing, git

HISTORIES = Path(__file__).resolve().parents[3] / "shared" / "histories"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    drawing = Drawing(tmp_path / "api.git")
    drawing.commit("First commit")
    drawing.commit("feat(api)!: é\u2028.\n\nRefs #1")
    drawing.commit("fix : b")
    drawing.commit("Merge branch 'topic'", parents=(2, 3))
    return drawing.make()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_each_message_of_a_range_is_one_object(repository: Path) -> None:
    done = manage("lint_commits", "--repo", repository, "main~2..main", "--format", "json")
    merge, wrong, good = lines(done.stdout)
    assert done.returncode == 1
    assert len(good.pop("source")) == 40
    assert good == {
        "valid": True,
        "type": "feat",
        "scope": "api",
        "breaking": True,
        "description": "é\u2028.",
        "footers": [{"token": "Refs", "separator": " #", "value": "1"}],
        "errors": [],
    }
    (error,) = wrong["errors"]
    assert (wrong["valid"], error["line"], error["column"]) == (False, 1, 4)
    assert error["message"].startswith("expected “:”, “!:” or “(scope):” after the type")
    assert not merge["valid"]


def test_merges_may_be_passed_over(repository: Path) -> None:
    asked = ("lint_commits", "--repo", repository, "main^2..main")
    assert manage(*asked).returncode == 1
    done = manage(*asked, "--no-merges")
    assert (done.returncode, done.stderr) == (0, "0 messages, all acceptable.\n")


def test_a_hook_may_let_git_merge() -> None:
    asked = ("lint_commits", "--file", "-", "--no-merges")
    assert manage(*asked, stdin=b"Merge branch 'topic'\n").stderr == "0 messages, all acceptable.\n"
    assert manage(*asked, stdin=b"Merge two caches\n").returncode == 1


def test_a_person_reads_where_it_is_wrong_and_what_was_expected() -> None:
    done = manage("lint_commits", "--stdin0", stdin=b"fix: a\0fix: a\nbody \x1b[2J\0")
    assert done.returncode == 1
    assert done.stdout == (
        "message 2:2:1: expected a blank line between the header and the body, found text.\n"
        "    body  [2J\n"
    )
    assert done.stderr == "2 messages, 1 of them not acceptable.\n"


@pytest.mark.parametrize(
    ("stdin", "valid"),
    [
        (b"feat: a", [True]),
        (b"feat: a\0", [True]),
        (b"feat: a\0\0fix: b\n\0", [True, False, True]),
        (b"fix: caf\xe9\0", [True]),
        (b"feat: a\r\n\r\nb\0", [True]),
        (b"", []),
    ],
)
def test_a_nul_separates_messages(stdin: bytes, valid: list[bool]) -> None:
    done = manage("lint_commits", "--stdin0", "--format", "json", stdin=stdin)
    assert [each["valid"] for each in lines(done.stdout)] == valid
    assert done.returncode == (not all(valid))


def test_a_hook_is_spared_what_git_itself_wrote_below(tmp_path: Path) -> None:
    edited = tmp_path / "COMMIT_EDITMSG"
    edited.write_text("\nfeat: a\n\nbody\n\n# Please enter the message.\n#\n#\ton branch main\n")
    done = manage("lint_commits", "--file", edited, where=tmp_path)
    assert (done.returncode, done.stderr) == (0, "1 message, all acceptable.\n")


def test_only_git_s_own_lines_are_comments() -> None:
    scissors = "# ------------------------ >8 ------------------------\ndiff --git"
    assert without_comments(f"fix: a\n# b\n\n#1\n{scissors}") == "fix: a\n# b\n\n#1"
    assert without_comments("fix: a\n\n# b\n\n#1") == "fix: a\n\n# b\n\n#1"


def test_the_comments_of_a_template_are_none_of_the_message() -> None:
    edited = "# <type>: <subject>\nfix: a\n\n# Why?\nSo.\n#1\n\n# Please enter the message.\n#\n"
    assert without_comments(edited) == "fix: a\n\nSo."


def test_a_hyphen_stands_for_the_standard_input() -> None:
    assert manage("lint_commits", "--file", "-", stdin=b"feat: a\n# b\n").returncode == 0


def test_a_server_s_hook_sees_what_is_being_pushed(tmp_path: Path) -> None:
    """git-receive-pack(1), “quarantine environment”: it is not in the repository yet."""
    work, server = Drawing(tmp_path / "work"), tmp_path / "server.git"
    work.commit("feat: a")
    git(tmp_path, "init", "--quiet", "--bare", str(server))
    hook = server / "hooks" / "pre-receive"
    asked = f'"{sys.executable}" "{ROOT / "manage.py"}" lint_commits "$new" 2>"{tmp_path}/said"'
    hook.write_text(f"#!/bin/sh\nread old new ref\n{asked}\n")
    hook.chmod(0o755)
    git(work.make(), "push", "--quiet", str(server), "main")
    assert (tmp_path / "said").read_text() == "1 message, all acceptable.\n"


def test_a_house_may_name_its_types() -> None:
    typed = ("lint_commits", "--stdin0", "--types")
    assert manage(*typed, "task, fix", stdin=b"Task: a").returncode == 0
    assert manage(*typed, "default", stdin=b"feat: a").returncode == 0
    assert "one of the types build, chore" in manage(*typed, "default", stdin=b"wip: a").stdout
    assert manage(*typed, " ,", stdin=b"feat: a").stderr == "CommandError: --types names no type.\n"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--repo", "/nowhere"), "There is nothing at /nowhere."),
        (("--file", "/nowhere"), "/nowhere cannot be read: No such file or directory."),
        (("--stdin0", "main"), "A range is read from a repository, not from a file."),
        (("--", "--all"), "“--all” names no commit."),
        (("gone..HEAD",), "“gone..HEAD” names no commit of .."),
    ],
)
def test_what_cannot_be_read_is_no_wrong_message(arguments: tuple[str, ...], sentence: str) -> None:
    done = manage("lint_commits", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"CommandError: {sentence}\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="This system has no /dev/full.")
def test_a_full_disk_is_no_wrong_message() -> None:
    asked = [sys.executable, str(ROOT / "manage.py"), "lint_commits", "--stdin0"]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(asked, input=b"a", stdout=full, stderr=subprocess.PIPE, check=False)
    assert done.returncode == 2
    assert b"CommandError: Nothing can be written: No space left on device." in done.stderr


@pytest.mark.contracts
@pytest.mark.skipif(not HISTORIES.is_dir(), reason=f"There are no histories in {HISTORIES}.")
@pytest.mark.parametrize(
    ("name", "accepted", "breaking"), [("small", 1_775, 78), ("large", 12_230, 15)]
)
def test_real_histories_are_judged_as_by_the_reference(
    name: str, accepted: int, breaking: int
) -> None:
    """The counts, with their differences from the reference parser, are in ARCHITECTURE.md."""
    with gzip.open(HISTORIES / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        found = [judge(json.loads(line)["message"]) for line in lines]
    good = [each for each in found if isinstance(each, Message)]
    assert (len(good), sum(each.is_breaking for each in good)) == (accepted, breaking)
