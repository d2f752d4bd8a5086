"""Version tags at GitHub: what was tagged there is a release here."""

import pytest

from agentmesh_release.core.actors import Actor
from releases.drafting import cutting
from releases.evidence import places, tags
from releases.models import Project
from tests.releases.imports import NOW, read_well, release, told
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db

ADA = Actor("person", "Ada", None)


def test_a_new_tag_on_the_head_is_a_release(demo: Demo) -> None:
    demo.tag("v1.1.1", demo.project.trunk_sha)
    project = demo.read()
    found = release(project, "v1.1.1")
    assert (told(found), found.commit_count, found.state) == (["c"], 1, "tagged")
    assert found.previous == release(project, "v1.1.0")
    assert (project.draft.commit_count, project.draft.version) == (0, "")


def test_a_new_tag_below_the_head_leaves_the_rest_in_the_draft(demo: Demo) -> None:
    tagged = demo.project.trunk_sha
    demo.land("feat: d")
    demo.tag("v1.1.1", tagged)
    project = demo.read()
    assert told(release(project, "v1.1.1")) == ["c"]
    assert [each.subject for each in project.commits.unreleased()] == ["feat: d"]
    assert project.draft.version == "1.2.0"


def test_several_new_tags_share_the_commits_by_history(demo: Demo) -> None:
    first = demo.project.trunk_sha
    second = demo.land("feat: d")
    demo.tag("v1.2.0", second)
    demo.tag("v1.1.1", first)
    project = demo.read()
    assert told(release(project, "v1.1.1")) == ["c"]
    assert told(release(project, "v1.2.0")) == ["d"]
    assert release(project, "v1.2.0").previous == release(project, "v1.1.1")


def test_a_new_pre_release_leaves_its_commits_in_the_draft(demo: Demo) -> None:
    demo.tag("v1.2.0-rc.1", demo.project.trunk_sha)
    project = demo.read()
    found = release(project, "v1.2.0-rc.1")
    assert (told(found), found.is_prerelease) == (["c"], True)
    assert (project.draft.commit_count, project.draft.version) == (1, "1.2.0")


def test_a_tag_on_a_branch_brings_the_branchs_own_commits(demo: Demo) -> None:
    pull = demo.act("pulls", title="fix: only on the branch")
    demo.tag("v1.1.1", pull["head_sha"])
    project = demo.read()
    found = release(project, "v1.1.1")
    assert told(found) == ["only on the branch", "c"]
    assert not project.commits.get(sha=pull["head_sha"]).is_on_head


def test_a_version_that_is_known_stays_where_it_was_released(demo: Demo) -> None:
    before = release(demo.project, "v1.1.0").commit_sha
    demo.tag("1.1.0", demo.project.trunk_sha)
    project = demo.read()
    assert release(project, "v1.1.0").commit_sha == before
    assert project.warnings == [
        "Tag 1.1.0 is left out: v1.1.0 is the same version on another commit."
    ]


def test_a_tag_that_moved_is_left_out_and_said(demo: Demo) -> None:
    found = release(demo.project, "v1.1.0")
    type(found).objects.filter(pk=found.pk).update(commit_sha="d" * 40)
    (sentence,) = demo.read().warnings
    assert "1.1.0 was released from ddddddd" in sentence


def test_a_warning_goes_when_its_reason_goes(demo: Demo) -> None:
    Project.objects.update(warned={"tags": ["Tag v9 is long gone."], "history": ["It is shallow."]})
    assert demo.read().warnings == ["It is shallow."]


def test_nearly_versions_are_said(demo: Demo) -> None:
    demo.tag("v2.0", demo.project.trunk_sha)
    project = demo.read()
    assert "nearly a version" in project.warnings[0]
    assert project.releases.count() == 2


def test_the_tag_of_what_was_cut_here_brings_no_second_release(demo: Demo) -> None:
    read_well(demo.project, demo.project.trunk_sha)
    cut = cutting.cut(demo.project, by=ADA, head_sha=demo.project.trunk_sha, reason="due", now=NOW)
    demo.tag(cut.tag, cut.commit_sha)
    project = demo.read()
    assert project.releases.get(tag=cut.tag) == cut
    assert project.warned.get("tags", []) == []


def test_the_publication_says_when_it_was_released(demo: Demo) -> None:
    body = {"tag_name": "v1.1.1", "target_commitish": demo.project.trunk_sha, "name": "1.1.1"}
    answer = demo.sandbox.ask("POST", f"/github/repos/{demo.project.repository}/releases", body)
    found = release(demo.read(), "v1.1.1")
    assert f"{found.released_at:%Y-%m-%dT%H:%M:%SZ}" == answer.body["published_at"]


def test_many_new_tags_are_taken_in_over_several_readings(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "MOST_PLACES", 2)
    for number in (2, 3, 4):
        demo.tag(f"v1.{number}.0", demo.land(f"feat: {number}"))
    assert [demo.read().releases.count() for _ in range(3)] == [4, 5, 5]
    assert told(release(demo.project, "v1.3.0")) == ["3"]


def test_reading_again_changes_nothing(demo: Demo) -> None:
    demo.tag("v1.1.1", demo.project.trunk_sha)
    before = demo.read().draft.computed_at
    assert demo.read().draft.computed_at == before
    assert demo.project.releases.count() == 3


def test_many_tags_are_listed_when_the_head_moves_and_now_and_then(
    demo: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tags, "FEW", 1)

    def listings() -> int:
        demo.read()
        return sum(path.endswith("/tags") for path in demo.asked())

    first = listings()
    assert listings() == first
    demo.land("feat: d")
    assert listings() == first + 1
    monkeypatch.setattr(tags, "SELDOM_S", 0.0)
    assert listings() == first + 2
