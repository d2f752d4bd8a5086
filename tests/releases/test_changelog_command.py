"""`python -m releases.history`: the changelog of a whole repository."""

import json
from pathlib import Path

import pytest

from releases.history.__main__ import main
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


def test_every_release_tells_its_changes_the_latest_first(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A stable release includes its pre-releases; a branch's fix stays on its branch."""
    assert main([str(repository)]) == 0
    assert told(capsys.readouterr().out) == [
        ("Unreleased", ["d"]),
        ("v1.0.1", ["backport"]),
        ("v1.1.0", ["b", "c"]),
        ("v1.1.0-rc.1", ["b"]),
        ("v1.0.0", ["a"]),
    ]


def test_each_release_is_compared_with_the_one_that_it_follows(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main([str(repository), "--json"])
    releases = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(each["version"], each["previous"]) for each in releases] == [
        ("Unreleased", None),
        ("v1.0.1", "v1.0.0"),
        ("v1.1.0", "v1.0.1"),
        ("v1.1.0-rc.1", "v1.0.1"),
        ("v1.0.0", None),
    ]


def test_links_lead_to_the_forge(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main([str(repository), "--repository", "https://github.com/demo/api/"])
    assert "https://github.com/demo/api/compare/v1.0.0...v1.0.1" in capsys.readouterr().out


def test_what_cannot_be_read_is_refused_on_the_error_stream(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert err == f"{tmp_path} is not the top of a git repository.\n"


def test_warnings_do_not_mix_with_the_changelog(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawing = Drawing(tmp_path)
    drawing.commit("feat: a")
    drawing.tag("v1")
    main([str(drawing.make())])
    out, err = capsys.readouterr()
    assert "nearly" not in out
    assert err.startswith("Tag v1 is nearly a version")
