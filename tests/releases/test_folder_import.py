"""Several projects out of one repository: each has the commits and the tags of its folder."""

from pathlib import Path

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from agentmesh_release.core.refusals import Refused
from releases.drafting import cutting
from releases.models import Project, Release
from tests.releases.imports import NOW, everything, imported, log, read_well, release, told
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db
FRONT, BACK = "packages/front", "packages/back"


def drawing(path: Path) -> Drawing:
    """Two packages with a release each; the front's tag stands on a commit of neither."""
    drawn = Drawing(path / "mono")
    drawn.commit("feat: both begin", changes=[f"{FRONT}/a", f"{BACK}/a"])
    drawn.tag("@scope/back@1.0.0")
    drawn.commit("feat(front): a page", changes=[f"{FRONT}/a"])
    drawn.commit("chore: out of the way", changes=["README.md"])
    drawn.tag("front-v2.0.0")
    drawn.commit("feat(back): a door", changes=[f"{BACK}/a"])
    drawn.commit("fix(front): a typo", changes=[f"{FRONT}/b"])
    return drawn


def test_each_folder_is_a_project_of_its_own(tmp_path: Path) -> None:
    path = drawing(tmp_path).make()
    front, back = (imported(path, folder=folder).project for folder in (FRONT, f"{BACK}/"))
    assert [(each.slug, each.folder, each.tag_prefix) for each in (front, back)] == [
        ("front", FRONT, "front-"),
        ("back", BACK, "@scope/back@"),
    ]
    assert log(front) == ["fix(front): a typo", "feat(front): a page", "feat: both begin"]
    assert log(back) == ["feat(back): a door", "feat: both begin"]


def test_each_has_versions_and_changelogs_of_its_own(tmp_path: Path) -> None:
    path = drawing(tmp_path).make()
    front, back = (imported(path, folder=folder) for folder in (FRONT, BACK))
    assert (front.draft.version, back.draft.version) == ("2.0.1", "1.1.0")
    assert told(release(front.project, "front-v2.0.0")) == ["a page", "both begin"]
    assert not back.project.warnings


def test_the_whole_repository_stays_a_project_beside_them(tmp_path: Path) -> None:
    path = drawing(tmp_path).make()
    imported(path, folder=FRONT)
    whole = imported(path).project
    assert (whole.folder, whole.commits.count(), Project.objects.count()) == ("", 5, 2)


def test_importing_it_again_changes_nothing(tmp_path: Path) -> None:
    path = drawing(tmp_path).make()
    before = everything(imported(path, folder=FRONT).project)
    again = imported(path, folder=FRONT)
    assert (everything(again.project), again.is_new, again.came) == (before, False, 0)


def test_what_came_since_comes_in_alone(tmp_path: Path) -> None:
    drawn = drawing(tmp_path)
    path = drawn.make()
    imported(path, folder=FRONT)
    git(path, "update-ref", "refs/heads/main", git(path, "rev-parse", "main~1"))
    project = imported(path, folder=FRONT).project
    assert [each.subject for each in project.commits.unreleased()] == []
    assert project.trunk_sha == git(path, "rev-parse", "main")


def test_a_clone_that_is_no_longer_shallow_completes_the_folder(tmp_path: Path) -> None:
    path = drawing(tmp_path).make()
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=2", f"file://{path}", str(clone))
    imported(clone, folder=FRONT)
    git(clone, "fetch", "--quiet", "--unshallow", "--tags")
    project = imported(clone, folder=FRONT).project
    assert log(project) == ["fix(front): a typo", "feat(front): a page", "feat: both begin"]


def test_a_release_on_a_commit_of_another_folder_is_what_the_next_one_follows(
    tmp_path: Path, ada: User
) -> None:
    drawn = drawing(tmp_path)
    drawn.tag("front-v2.0.1")
    drawn.commit("chore: nothing here", changes=["README.md"])
    drawn.tag("front-v2.0.2")
    drawn.commit("feat(front): more", changes=[f"{FRONT}/a"])
    project = imported(drawn.make(), folder=FRONT).project
    assert project.draft.version == "2.1.0"
    assert project.draft.base == release(project, "front-v2.0.2")


def test_it_is_cut_at_the_head_with_its_own_tag(tmp_path: Path, ada: User) -> None:
    drawn = drawing(tmp_path)
    drawn.commit("docs: elsewhere", changes=["README.md"])
    project = imported(drawn.make(), folder=FRONT).project
    read_well(project, project.trunk_sha)
    cut = cutting.cut(
        project, by=Actor.person(ada), head_sha=project.trunk_sha, reason="Due.", now=NOW
    )
    assert (cut.tag, cut.commit_sha, told(cut)) == (
        "front-v2.0.1",
        project.trunk_sha,
        ["a typo"],
    )
    assert Project.objects.get().draft.base == cut


def test_a_folder_without_a_tag_starts_its_own(tmp_path: Path) -> None:
    drawn = drawing(tmp_path)
    drawn.commit("feat: a third", changes=["packages/third/a"])
    found = imported(drawn.make(), folder="packages/third")
    assert (found.project.tag_prefix, found.draft.version) == ("third-", "0.1.0")
    assert Release.objects.count() == 0


def test_a_folder_outside_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="inside the repository"):
        imported(drawing(tmp_path).make(), folder="../etc")
    assert not Project.objects.exists()
