"""Importing a repository: what a project then holds."""

from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentmesh_release.core.models import AuditEvent, Poll
from releases.history import HistoryUnreadable
from releases.models import Project
from tests.releases.imports import imported, log, release, told
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db


def test_it_stores_commits_releases_and_the_draft(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api.git")
    drawing.commit("feat: sign in (#4)")
    drawing.tag("v1.0.0")
    drawing.commit("fix(web): a typo")
    found = imported(drawing.make())
    assert (found.project.name, found.project.slug) == ("api", "api")
    assert log(found.project) == ["fix(web): a typo", "feat: sign in"]
    assert told(release(found.project, "v1.0.0")) == ["sign in"]
    assert (found.draft.version, found.draft.bump, found.draft.commit_count) == (
        "1.0.1",
        "patch",
        1,
    )


def test_a_commit_keeps_what_its_message_says(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat(api)!: drop the old way (#12)\n\nBody.")
    commit = imported(drawing.make()).project.commits.get()
    assert (commit.type, commit.scope, commit.is_breaking) == ("feat", "api", True)
    assert (commit.pull_request, commit.author_name) == (12, "Ada")
    assert commit.message == "feat(api)!: drop the old way (#12)\n\nBody."


def test_positions_grow_towards_the_newest(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    for name in "abc":
        drawing.commit(f"feat: {name}")
    project = imported(drawing.make()).project
    assert list(project.commits.values_list("position", "subject")) == [
        (3, "feat: c"),
        (2, "feat: b"),
        (1, "feat: a"),
    ]


def test_a_commit_belongs_to_the_first_release_that_has_it(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("feat: b")
    drawing.tag("v1.1.0")
    project = imported(drawing.make()).project
    assert list(project.commits.values_list("subject", "release__tag")) == [
        ("feat: b", "v1.1.0"),
        ("feat: a", "v1.0.0"),
    ]


def test_a_stable_release_tells_its_pre_releases_too(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0-rc.1")
    drawing.commit("fix: b")
    drawing.tag("v1.0.0")
    project = imported(drawing.make()).project
    assert told(release(project, "v1.0.0-rc.1")) == ["a"]
    assert told(release(project, "v1.0.0")) == ["a", "b"]
    assert release(project, "v1.0.0-rc.1").is_prerelease


def test_what_only_a_pre_release_has_stays_in_the_draft(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("feat: b")
    drawing.tag("v2.0.0-rc.1")
    found = imported(drawing.make())
    assert (found.draft.version, found.draft.commit_count) == ("2.0.0", 1)


def test_releases_follow_each_other_by_precedence(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    for tag in ("v1.9.0", "v1.10.0", "v2.0.0-rc.1", "v2.0.0"):
        drawing.commit(f"feat: {tag}")
        drawing.tag(tag)
    project = imported(drawing.make()).project
    assert dict(project.releases.values_list("tag", "previous__tag")) == {
        "v1.9.0": None,
        "v1.10.0": "v1.9.0",
        "v2.0.0-rc.1": "v1.10.0",
        "v2.0.0": "v1.10.0",
    }
    assert release(project, "v2.0.0").changelog["previous"] == "v1.10.0"


def test_a_release_branch_does_not_lead_the_next_version(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("fix: far ahead elsewhere", branch="next")
    drawing.tag("v9.0.0")
    drawing.commit("fix: b", parents=(1,))
    found = imported(drawing.make())
    assert found.draft.base is not None
    assert (found.draft.base.tag, found.draft.version) == ("v1.0.0", "1.0.1")
    assert not found.project.commits.get(release__tag="v9.0.0").is_on_head


def test_tags_on_one_commit_are_releases_with_one_owner(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.tag("v1.1.0")
    drawing.commit("fix: b")
    found = imported(drawing.make())
    assert told(release(found.project, "v1.0.0")) == ["a"]
    assert told(release(found.project, "v1.1.0")) == []
    assert found.draft.version == "1.1.1"


def test_the_next_tag_is_written_as_the_last_one(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("1.0.0")
    drawing.commit("fix: b")
    draft = imported(drawing.make()).draft
    assert draft.changelog["version"] == "1.0.1"


def test_only_tags_with_the_prefix_count(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("web@1.0.0")
    drawing.tag("v3.0.0")
    drawing.commit("fix: b")
    found = imported(drawing.make(), tag_prefix="web@")
    assert [each.version for each in found.project.releases.all()] == ["1.0.0"]
    assert found.draft.changelog["version"] == "web@1.0.1"


def test_nearly_versions_are_left_out_and_said(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.tag("v1.2")
    found = imported(drawing.make())
    assert not found.project.releases.exists()
    assert found.warnings == (
        "Tag v1.2 is nearly a version and was left out: it has fewer than three numbers.",
    )
    assert found.project.warnings == list(found.warnings)


def test_it_takes_the_branch_that_was_asked_for(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit("feat: a")
    drawing.commit("feat: b", branch="next")
    project = imported(drawing.make(), branch="next").project
    assert (project.default_branch, project.commits.filter(is_on_head=True).count()) == ("next", 2)


def test_the_origins_default_branch_comes_before_what_is_checked_out(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "origin")
    drawing.commit("feat: a")
    drawing.commit("feat: in work", branch="topic")
    git(tmp_path, "clone", "-q", str(drawing.make()), "clone")
    git(tmp_path / "clone", "checkout", "-q", "topic")
    project = imported(tmp_path / "clone").project
    assert (project.default_branch, log(project)) == ("main", ["feat: a"])


def test_it_finds_the_repository_at_github_by_its_origin(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit()
    path = drawing.make()
    git(path, "remote", "add", "origin", "git@github.com:demo/api.git")
    assert imported(path).project.repository == "demo/api"


def test_it_says_what_a_real_world_has_yet_to_be_told(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit()
    said = " ".join(imported(drawing.make()).missing)
    assert all(option in said for option in ("--repository", "--vercel-project", "--domain"))


def test_it_has_production_and_preview(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit()
    project = imported(drawing.make(), domain="api.example.com").project
    assert dict(project.environments.values_list("kind", "domain")) == {
        "production": "api.example.com",
        "preview": "",
    }


def test_it_is_polled_and_audited(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    drawing.commit()
    imported(drawing.make())
    assert set(Poll.objects.filter(scope="api").values_list("kind", flat=True)) >= {
        "github",
        "vercel",
        "app-database",
    }
    event = AuditEvent.objects.get(verb="project.import")
    assert (event.actor, event.scope, event.data["commits"]) == ("system:import", "api", 1)


def test_an_empty_repository_is_a_project_with_nothing_to_release(tmp_path: Path) -> None:
    found = imported(Drawing(tmp_path / "api").make())
    assert found.warnings == ("There are no commits yet.",)
    assert (found.project.trunk_sha, found.draft.version, found.draft.commit_count) == ("", "", 0)


def test_the_queries_do_not_grow_with_the_history(tmp_path: Path) -> None:
    def queries(count: int) -> int:
        drawing = Drawing(tmp_path / f"with-{count}")
        for number in range(count):
            drawing.commit()
            drawing.tag(f"v1.{number}.0")
        path = drawing.make()
        with CaptureQueriesContext(
            connection,
        ) as captured:
            imported(path)
        return len(captured)

    assert queries(150) - queries(3) < 5


def test_nothing_of_it_is_stored_when_the_history_breaks_off(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    for _ in range(3):
        drawing.commit()
    path = drawing.make()
    first = git(path, "rev-parse", "main~2")
    (path / "objects" / first[:2] / first[2:]).unlink()
    with pytest.raises(HistoryUnreadable):
        imported(path)
    assert not Project.objects.exists()
    assert not AuditEvent.objects.exists()
