"""Reading trunk: what landed at GitHub is in the draft a moment later."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentmesh_release.providers.errors import ProviderError
from releases.evidence import trunk
from releases.models import Commit, Project
from tests.releases.imports import NOW, log
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db


def test_nothing_changes_without_news(demo: Demo) -> None:
    before = demo.read().draft.computed_at, log(demo.project)
    after = demo.read()
    assert (after.draft.computed_at, log(after)) == before


def test_a_commit_that_landed_is_in_the_draft(demo: Demo) -> None:
    sha = demo.land("feat(web): d (#31)")
    project = demo.read()
    newest = project.commits.first()
    assert newest is not None
    assert (newest.sha, newest.type, newest.pull_request) == (sha, "feat", 31)
    assert (project.trunk_sha, project.draft.version) == (sha, "1.2.0")
    assert (project.draft.head_sha, project.draft.commit_count) == (sha, 2)


def test_several_commits_come_in_their_order(demo: Demo) -> None:
    for name in "def":
        demo.land(f"fix: {name}")
    assert log(demo.read())[:4] == ["fix: f", "fix: e", "fix: d", "fix: c"]


def test_a_merge_names_its_pull_request(demo: Demo) -> None:
    number = demo.act("pulls", title="feat: from a branch")["number"]
    demo.act("pulls/merge", number=number)
    assert demo.read().commits.filter(pull_request=number).exists()


def test_a_repository_without_commits_gets_its_first(demo: Demo) -> None:
    Commit.objects.all().delete()
    Project.objects.update(trunk_sha="")
    project = demo.read()
    assert log(project) == ["fix: c", "feat: b", "feat: a"]


def test_what_was_pushed_away_leaves_the_draft_and_what_came_instead_is_in_it(demo: Demo) -> None:
    gone = demo.land("feat: soon gone")
    demo.read()
    demo.move_branch(demo.project.commits.get(subject="fix: c").sha)
    demo.land("fix: instead")
    project = demo.read()
    assert [each.subject for each in project.commits.unreleased()] == ["fix: instead", "fix: c"]
    assert not project.commits.get(sha=gone).is_on_head


def test_a_branch_that_went_back_takes_commits_out_of_the_draft(demo: Demo) -> None:
    demo.land("feat: d")
    demo.read()
    demo.move_branch(demo.project.commits.get(subject="fix: c").sha)
    assert demo.read().draft.commit_count == 1


def test_a_released_commit_stays_released_when_it_is_pushed_away(demo: Demo) -> None:
    demo.move_branch(demo.project.commits.get(subject="feat: a").sha)
    project = demo.read()
    released = project.commits.get(subject="feat: b")
    assert released.release is not None
    assert (released.release.tag, released.is_on_head) == ("v1.1.0", False)


def test_what_came_back_is_on_trunk_again(demo: Demo) -> None:
    newest = demo.project.trunk_sha
    demo.move_branch(demo.project.commits.get(subject="feat: a").sha)
    demo.read()
    demo.move_branch(newest)
    assert demo.read().commits.filter(is_on_head=True).count() == 3


def test_a_head_that_github_no_longer_knows_is_followed_by_reading_it_all(demo: Demo) -> None:
    lost = Commit.objects.create(
        project=demo.project, sha="e" * 40, position=99, committed_at=NOW, subject="fix: lost"
    )
    Project.objects.update(trunk_sha=lost.sha)
    project = demo.read()
    assert project.commits.filter(is_on_head=True).count() == 3
    assert not project.commits.get(sha=lost.sha).is_on_head


def test_a_reading_that_was_overtaken_changes_nothing(demo: Demo) -> None:
    stale = Project.objects.get(pk=demo.project.pk)
    demo.land("feat: d")
    demo.read()
    trunk.read(stale, NOW)
    assert Project.objects.get(pk=demo.project.pk).commits.count() == 4


def test_a_reading_that_breaks_off_changes_nothing(demo: Demo) -> None:
    before = log(demo.project)
    demo.land("feat: d")
    path = f"/repos/{demo.project.repository}/tags"
    demo.sandbox.act("faults", provider="github", kind="500", path=path)
    try:
        with pytest.raises(ProviderError):
            demo.read()
    finally:
        demo.sandbox.act("faults/clear")
    assert log(demo.project) == before


def test_reading_without_news_costs_three_calls(demo: Demo) -> None:
    demo.read()
    before = len(demo.asked())
    demo.read()
    assert [path.rpartition("/")[2] for path in demo.asked()[before:]] == ["main", "pulls", "tags"]


def test_pages_hear_of_news_once_and_of_nothing_else(demo: Demo) -> None:
    demo.read()
    assert notices(demo) == 0
    demo.land("feat: d")
    assert notices(demo) == 1


def notices(demo: Demo) -> int:
    with CaptureQueriesContext(connection) as queries:
        demo.read()
    return sum("pg_notify" in query["sql"] for query in queries)
