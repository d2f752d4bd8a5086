"""Importing the same path again: news come in, nothing comes twice."""

from pathlib import Path

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll
from releases.drafting import cutting
from releases.models import Commit, Project
from tests.releases.imports import NOW, everything, imported, log, read_well, release, told
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db

ADA = Actor("person", "Ada", None)


def land(path: Path, message: str) -> None:
    """One more commit on main of a bare repository."""
    tree = git(path, "rev-parse", "main^{tree}")
    sha = git(path, "commit-tree", tree, "-p", "main", "-m", message)
    git(path, "update-ref", "refs/heads/main", sha)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("fix: b")
    return drawing.make()


def test_nothing_changes_without_news(path: Path) -> None:
    before = everything(imported(path).project)
    found = imported(path)
    assert everything(found.project) == before
    assert (found.is_new, found.came) == (False, 0)
    assert Project.objects.count() == 1


def test_new_commits_stand_above_the_known_ones(path: Path) -> None:
    positions = dict(imported(path).project.commits.values_list("sha", "position"))
    land(path, "feat: c")
    found = imported(path)
    assert log(found.project) == ["feat: c", "fix: b", "feat: a"]
    assert positions.items() <= dict(found.project.commits.values_list("sha", "position")).items()
    assert (found.came, found.draft.version) == (1, "1.1.0")


def test_a_new_tag_is_a_release(path: Path) -> None:
    imported(path)
    git(path, "tag", "v1.0.1", "main")
    found = imported(path)
    assert told(release(found.project, "v1.0.1")) == ["b"]
    assert (found.draft.version, found.draft.commit_count) == ("", 0)


def test_a_tag_in_between_takes_its_commits_and_the_next_one_follows_it(path: Path) -> None:
    land(path, "feat: c")
    git(path, "tag", "v2.0.0", "main")
    imported(path)
    git(path, "tag", "v1.0.1", "main~1")
    project = imported(path).project
    assert told(release(project, "v1.0.1")) == ["b"]
    assert told(release(project, "v2.0.0")) == ["c"]
    assert release(project, "v2.0.0").changelog["previous"] == "v1.0.1"


def test_a_tag_that_moved_is_left_out_and_said(path: Path) -> None:
    before = release(imported(path).project, "v1.0.0").commit_sha
    git(path, "tag", "--force", "v1.0.0", "main")
    found = imported(path)
    assert release(found.project, "v1.0.0").commit_sha == before
    assert found.draft.commit_count == 1
    assert "a released version does not move" in found.warnings[0]


def test_a_tag_that_is_gone_leaves_its_release(path: Path) -> None:
    before = everything(imported(path).project)
    git(path, "tag", "--delete", "v1.0.0")
    assert everything(imported(path).project) == before


def test_what_was_cut_here_stays_as_it_was_frozen(path: Path) -> None:
    project = imported(path).project
    read_well(project, project.trunk_sha)
    cutting.cut(project, by=ADA, head_sha=project.trunk_sha, reason="due", now=NOW)
    cut = release(project, "v1.0.1")
    land(path, "feat: c")
    git(path, "tag", "v1.5.0", "main")
    project = imported(path).project
    frozen = release(project, "v1.0.1")
    assert (frozen.changelog, frozen.commits.get().subject) == (cut.changelog, "fix: b")
    assert told(release(project, "v1.5.0")) == ["c"]


def test_commits_that_were_pushed_away_leave_the_draft(path: Path) -> None:
    imported(path)
    git(path, "update-ref", "refs/heads/main", git(path, "rev-parse", "main~1"))
    land(path, "feat: instead")
    found = imported(path)
    assert [each.subject for each in found.project.commits.unreleased()] == ["feat: instead"]
    assert not found.project.commits.get(subject="fix: b").is_on_head


def test_a_clone_that_lags_behind_github_moves_nothing_back(path: Path) -> None:
    project = imported(path).project
    Poll.objects.filter(kind="github", scope="api").update(last_ok_at=NOW)
    newer = Commit.objects.create(
        project=project, sha="f" * 40, position=99, committed_at=NOW, subject="feat: at GitHub"
    )
    Project.objects.update(trunk_sha=newer.sha)
    git(path, "update-ref", "refs/heads/main", git(path, "rev-parse", "main~1"))
    project = imported(path).project
    assert project.trunk_sha == newer.sha
    assert project.commits.filter(is_on_head=True).count() == 3


def test_a_shallow_clone_that_is_completed_gets_its_older_commits_below(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "origin")
    for name in "abcd":
        drawing.commit(f"feat: {name}")
    drawing.tag("v1.0.0", 3)
    source = f"file://{drawing.make()}"
    git(tmp_path, "clone", "-q", "--depth=2", source, "clone")
    shallow = imported(tmp_path / "clone")
    assert "shallow" in shallow.warnings[0]
    git(tmp_path / "clone", "fetch", "-q", "--unshallow", "--tags")
    found = imported(tmp_path / "clone")
    assert log(found.project) == ["feat: d", "feat: c", "feat: b", "feat: a"]
    assert told(release(found.project, "v1.0.0")) == ["c", "b", "a"]
    assert found.warnings == ()


def test_a_new_name_is_taken_and_a_new_slug_refused(path: Path) -> None:
    from agentmesh_release.core.refusals import Refused

    imported(path)
    assert imported(path, name="The API").project.name == "The API"
    with pytest.raises(Refused, match="it stays"):
        imported(path, slug="other")
