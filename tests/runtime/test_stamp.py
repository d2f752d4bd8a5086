"""A slow step is taken again when what it was made from has changed, and only then."""

import os
from pathlib import Path

import pytest

from agentmesh_release.runtime.stamp import Stamp


@pytest.fixture
def stamp(tmp_path: Path) -> Stamp:
    (tmp_path / "requirements.txt").write_text("a==1")
    (tmp_path / "static" / "css").mkdir(parents=True)
    (tmp_path / "static" / "css" / "a.css").write_text("a {}")
    made = Stamp(tmp_path / "stamp", tmp_path / "requirements.txt", [tmp_path / "static"])
    assert made.remembered() == ""
    made.remember(made.seen())
    return made


def test_nothing_changed(stamp: Stamp) -> None:
    assert stamp.remembered() == stamp.seen()


def test_a_file_changed(stamp: Stamp, tmp_path: Path) -> None:
    os.utime(tmp_path / "static" / "css" / "a.css", (1, 1))
    assert stamp.remembered() != stamp.seen()


def test_a_file_came(stamp: Stamp, tmp_path: Path) -> None:
    (tmp_path / "static" / "b.css").touch()
    assert stamp.remembered() != stamp.seen()


def test_a_file_went(stamp: Stamp, tmp_path: Path) -> None:
    (tmp_path / "static" / "css" / "a.css").unlink()
    assert stamp.remembered() != stamp.seen()


def test_a_package_changed(stamp: Stamp, tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("a==2")
    assert stamp.remembered() != stamp.seen()
