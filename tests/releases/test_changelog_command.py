"""`manage.py changelog`: the changelog of any repository, or of a part of its history."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.releases.commands import ROOT, manage
from tests.releases.repositories import Drawing


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    drawing = Drawing(tmp_path / "api.git")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("feat: b")
    drawing.tag("v1.1.0-rc.1")
    drawing.commit("fix: c")
    drawing.tag("v1.1.0")
    drawing.commit("fix: backport", parents=(1,), branch="release/1.0")
    drawing.tag("v1.0.1")
    drawing.commit("fix: d", parents=(3,))
    return drawing.make()


def told(text: str) -> list[tuple[str, list[str]]]:
    """The headings and the entries below each."""
    releases = [part.splitlines() for part in text.split("\n## ")[1:]]
    return [
        (lines[0].split()[0], [line[2:].split(" (")[0] for line in lines if line[:2] == "- "])
        for lines in releases
    ]


def changelog(path: Path, *arguments: str) -> str:
    done = manage("changelog", "--repo", path, *arguments)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_every_release_tells_its_changes_the_latest_first(repository: Path) -> None:
    """A stable release includes its pre-releases; a branch's fix stays on its branch."""
    assert told(changelog(repository)) == [
        ("Unreleased", ["d"]),
        ("v1.0.1", ["backport"]),
        ("v1.1.0", ["b", "c"]),
        ("v1.1.0-rc.1", ["b"]),
        ("v1.0.0", ["a"]),
    ]


@pytest.mark.parametrize(
    ("arguments", "releases"),
    [
        (("--from", "v1.1.0"), [("Unreleased", ["d"])]),
        (
            ("--from", "v1.0.0"),
            [("Unreleased", ["d"]), ("v1.1.0", ["b", "c"]), ("v1.1.0-rc.1", ["b"])],
        ),
        (("--from", "v1.0.0", "--to", "v1.1.0-rc.1"), [("v1.1.0-rc.1", ["b"])]),
        (("--from", "v1.1.0-rc.1", "--to", "v1.1.0"), [("v1.1.0", ["c"])]),
        (("--to", "v1.0.1"), [("v1.0.1", ["backport"]), ("v1.0.0", ["a"])]),
        (("--to", "main~2"), [("v1.1.0-rc.1", ["b"]), ("v1.0.0", ["a"])]),
        (("--from", "main", "--to", "main"), []),
    ],
)
def test_a_part_of_the_history_is_told_as_far_as_it_goes(
    repository: Path, arguments: tuple[str, ...], releases: list[tuple[str, list[str]]]
) -> None:
    assert told(changelog(repository, *arguments)) == releases


def test_each_release_is_compared_with_the_one_that_it_follows(repository: Path) -> None:
    releases = json.loads(changelog(repository, "--format", "json"))
    assert [(each["version"], each["previous"]) for each in releases] == [
        ("Unreleased", None),
        ("v1.0.1", "v1.0.0"),
        ("v1.1.0", "v1.0.1"),
        ("v1.1.0-rc.1", "v1.0.1"),
        ("v1.0.0", None),
    ]


def test_links_lead_to_the_forge(repository: Path) -> None:
    address = "https://github.com/demo/api"
    whole = changelog(repository, "--url", f"{address}/")
    assert f"{address}/compare/v1.0.0...v1.0.1" in whole
    part = changelog(repository, "--url", address, "--from", "v1.0.0", "--to", "v1.1.0")
    assert f"{address}/compare/v1.0.0...v1.1.0-rc.1" in part


@pytest.mark.parametrize("name", ["v9.9.9", "--all", "", "main:"])
def test_a_name_that_is_no_commit_s_is_refused(repository: Path, name: str) -> None:
    done = manage("changelog", "--repo", repository, f"--from={name}")
    assert (done.returncode, done.stdout) == (2, "")
    assert "no commit" in done.stderr


def test_what_cannot_be_read_is_refused_on_the_error_stream(tmp_path: Path) -> None:
    done = manage("changelog", where=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "CommandError: . is not the top of a git repository.\n"


def test_warnings_do_not_mix_with_the_changelog(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: é")
    drawing.tag("v1")
    done = manage("changelog", "--repo", drawing.make())
    assert "nearly" not in done.stdout
    assert done.stderr.startswith("Tag v1 is nearly a version")


def test_a_reader_that_has_seen_enough_is_no_error_to_tell(repository: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, str(ROOT / "manage.py"), "changelog", "--repo", str(repository)]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, check=False)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, b"")
