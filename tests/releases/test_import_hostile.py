"""Repositories that nobody vouches for: imported whole, or refused in one sentence."""

import os
from pathlib import Path

import pytest

from agentmesh_release.core.refusals import Refused
from releases.history import HistoryUnreadable
from releases.models import Project
from tests.releases.imports import imported, release, told
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db

SUBJECTS = [
    b"feat: <script>alert(1)</script>",
    b"feat: caf\xe9 is not UTF-8",
    b"feat: \xf0\x9f\x9a\x80 \xe2\x80\xae RTL",
    b"feat: {{ 7|add:7 }} {% load x %} %s %(x)s \\x00 \\N",
    b"feat: tab\tand \x1b[31mred\x07",
    b"feat: \xed\xa0\x80 lone surrogate",
    b"",
    b"\n\n\n",
    b"feat: " + b"x" * 70_000,
    b"fix(" + b"s" * 5_000 + b"): long scope",
    b"x" * 3_000 + b": long type",
    b"feat: a\n\n" + b"BREAKING CHANGE: b\n" * 2_000,
    b"feat: a (#99999999999999999999)",
    b"Merge pull request #4294967296 from x/y",
]


@pytest.mark.parametrize("subject", SUBJECTS, ids=range(len(SUBJECTS)))
def test_any_message_is_stored(tmp_path: Path, subject: bytes) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit(subject)
    drawing.tag("v1.0.0")
    project = imported(drawing.make()).project
    commit = project.commits.get()
    assert len(commit.subject) <= 300
    assert release(project, "v1.0.0").commit_count == 1


def test_a_message_of_megabytes_is_kept_in_part_and_said(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a\n\n" + "line of text\n" * 500_000)
    found = imported(drawing.make())
    assert len(found.project.commits.get().message) < 70_000
    assert any("64 KiB" in sentence for sentence in found.warnings)


def test_a_nul_in_a_message_is_survived(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    path = drawing.make()
    raw = git(path, "cat-file", "commit", "main").encode() + b"\n\nfeat: before\0after\n"
    sha = git(path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw)
    git(path, "update-ref", "refs/heads/main", sha)
    assert imported(path).commits == 1


@pytest.mark.parametrize("at", [-(10**15), -1, 0, 2**31, 2**63 - 1])
def test_any_time_is_stored(tmp_path: Path, at: int) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    path = drawing.make()
    tree = git(path, "rev-parse", "main^{tree}")
    raw = f"tree {tree}\nauthor A <a@x> {at} +0000\ncommitter A <a@x> {at} +9999\n\nfeat: b\n"
    sha = git(
        path, "hash-object", "-t", "commit", "-w", "--literally", "--stdin", stdin=raw.encode()
    )
    git(path, "update-ref", "refs/heads/main", sha)
    git(path, "update-ref", "refs/tags/v1.0.0", sha)
    assert told(release(imported(path).project, "v1.0.0")) == ["b"]


def test_names_of_any_length_and_kind_are_stored(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a", author="N" * 5_000)
    drawing.tag("v1.0.0-" + "a" * 180)
    drawing.tag("v1.0.0+" + "b" * 180)
    drawing.tag(f"v{'9' * 18}.0.0")
    drawing.tag(f"v{'9' * 19}.0.0")
    found = imported(drawing.make())
    assert found.releases == 3
    assert "more than 18 digits" in found.warnings[0]


def test_versions_that_are_too_long_are_left_out(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0-" + "1." * 60 + "1")
    drawing.tag("v1.0.0")
    found = imported(drawing.make())
    assert told(release(found.project, "v1.0.0")) == ["a"]
    assert found.releases == 1
    assert found.warnings[-1].endswith("is left out: it is too long.")


def test_a_version_asked_for_that_is_too_long_is_not_followed(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit(f"feat: a\n\nRelease-As: 1.0.0-{'x' * 300}")
    draft = imported(drawing.make()).draft
    assert (draft.version, "too long" in draft.notes[0]) == ("", True)


def test_versions_that_differ_in_their_build_only_are_two_releases(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0+one")
    drawing.commit("feat: b")
    drawing.tag("v1.0.0+two")
    project = imported(drawing.make()).project
    assert release(project, "v1.0.0+one").previous is None
    assert release(project, "v1.0.0+two").previous == release(project, "v1.0.0+one")


def test_thousands_of_tags_on_one_commit(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    for number in range(2_000):
        drawing.tag(f"v1.{number}.0")
    drawing.commit("fix: b")
    found = imported(drawing.make())
    assert found.releases == 2_000
    assert told(release(found.project, "v1.0.0")) == ["a"]
    assert found.draft.version == "1.1999.1"


def test_a_branch_with_a_name_like_an_option(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    path = drawing.make()
    git(path, "update-ref", "refs/heads/--upload-pack=touch", "main")
    assert imported(path, branch="--upload-pack=touch").commits == 1


def test_unrelated_histories_and_octopus_merges(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    one, two, three = (drawing.commit(f"feat: root {n}", parents=()) for n in range(3))
    drawing.commit("chore: join", parents=(one, two, three))
    assert imported(drawing.make()).draft.commit_count == 4


@pytest.mark.parametrize("kind", ["missing", "file", "folder", "nul", "long"])
def test_what_is_no_repository_is_refused_in_a_sentence(tmp_path: Path, kind: str) -> None:
    (tmp_path / "file").write_text("x")
    (tmp_path / "folder").mkdir()
    path = {"nul": "a\0b", "long": "x" * 10_000}.get(kind) or str(tmp_path / kind)
    with pytest.raises(HistoryUnreadable) as refusal:
        imported(path)
    assert refusal.value.sentence.endswith(".")
    assert "\n" not in refusal.value.sentence
    assert not Project.objects.exists()


def test_programs_in_its_configuration_do_not_run(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    path = drawing.make()
    trap = tmp_path / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path / 'ran'}\n")
    trap.chmod(0o755)
    for key in ("core.fsmonitor", "core.sshCommand", "core.pager", "alias.config", "gpg.program"):
        git(path, "config", key, str(trap))
    imported(path)
    assert not (tmp_path / "ran").exists()


def test_a_branch_with_an_endless_name_is_refused(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api", branch="/".join(["x" * 100] * 3))
    drawing.commit("feat: a")
    with pytest.raises(Refused, match="at most 250"):
        imported(drawing.make())
    assert not Project.objects.exists()


@pytest.mark.skipif(os.name != "posix", reason="paths of bytes")
def test_a_path_with_blanks_line_breaks_and_quotes(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "a b\n'c\" $(touch x) ;d")
    drawing.commit("feat: a")
    assert imported(drawing.make()).commits == 1
