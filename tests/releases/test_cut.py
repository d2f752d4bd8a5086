"""Cutting a release: the draft, frozen once, and asked for."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Poll, User
from agentmesh_release.core.refusals import Refused
from releases.drafting import cutting
from releases.drafting.choices import choices
from releases.models import Project, Promotion, Release
from tests.releases.imports import NOW, imported, land, log, since_release, told
from tests.releases.repositories import Drawing

pytestmark = pytest.mark.django_db


def cut(
    project: Project,
    by: User,
    bump: str = "auto",
    head_sha: str = "",
    channel: str = "",
    reason: str = "It is due.",
) -> Release:
    return cutting.cut(
        project,
        by=Actor.person(by),
        head_sha=head_sha or project.trunk_sha,
        bump=bump,
        channel=channel,
        reason=reason,
        now=NOW,
    )


def test_it_freezes_version_commit_and_changelog(ada: User) -> None:
    project = since_release("fix: b", "feat: a")
    release = cut(project, ada)
    assert (release.version, release.tag, release.bump) == ("1.3.0", "v1.3.0", "minor")
    assert (release.commit_sha, release.commit_count) == (project.trunk_sha, 2)
    assert (release.state, release.cut_by, release.released_at) == ("publishing", "Ada", NOW)
    assert told(release) == ["a", "b"]
    assert release.previous == project.releases.get(tag="v1.2.3")


def test_its_commits_leave_the_draft(ada: User) -> None:
    project = since_release("fix: b")
    release = cut(project, ada)
    assert [each.subject for each in release.commits.all()] == ["fix: b"]
    draft = Project.objects.get().draft
    assert (draft.commit_count, draft.version, draft.base) == (0, "", release)


def test_its_promotion_is_asked_for_by_who_cut(ada: User) -> None:
    release = cut(since_release("fix: b"), ada)
    promotion = Promotion.objects.get(release=release)
    assert (promotion.environment.kind, promotion.state) == ("production", "requested")
    assert (promotion.requester, promotion.reason) == (ada, "It is due.")


def test_it_is_audited(ada: User) -> None:
    release = cut(since_release("fix: b"), ada)
    event = AuditEvent.objects.get(verb="release.cut")
    assert (event.actor, event.subject, event.scope) == ("Ada", release.subject, "api")
    assert (event.reason, event.data["version"]) == ("It is due.", "1.2.4")


def test_evidence_is_read_again_at_once(
    ada: User,
    django_capture_on_commit_callbacks: Callable[..., AbstractContextManager[object]],
) -> None:
    project = since_release("fix: b")
    Poll.objects.update(due_at=NOW.replace(year=2099))
    with django_capture_on_commit_callbacks(execute=True):
        cut(project, ada)
    late = Poll.objects.filter(scope=project.slug, due_at__year=2099)
    assert not late.filter(kind__in=cutting.READ_AGAIN).exists()


@pytest.mark.parametrize(("bump", "version"), [("patch", "1.2.4"), ("major", "2.0.0")])
def test_a_person_may_choose_the_bump(ada: User, bump: str, version: str) -> None:
    release = cut(since_release("docs: only words"), ada, bump)
    assert (release.version, release.bump, told(release)) == (version, bump, ["only words"])


def test_the_choices_say_which_version_each_gives() -> None:
    found = [(each.value, each.version) for each in choices(since_release("feat: a"))]
    assert found == [
        ("auto", "1.3.0"),
        ("patch", "1.2.4"),
        ("major", "2.0.0"),
        ("auto@beta", "1.3.0-beta.1"),
        ("auto@rc", "1.3.0-rc.1"),
    ]


def test_a_channel_gives_pre_releases_that_tell_what_each_added(ada: User) -> None:
    project = since_release("feat: a")
    first = cut(project, ada, channel="rc")
    assert (first.version, first.is_prerelease, told(first)) == ("1.3.0-rc.1", True, ["a"])
    land(project, "fix: b", 99)
    second = cut(Project.objects.get(), ada, channel="rc")
    assert (second.version, second.previous, told(second)) == ("1.3.0-rc.2", first, ["b"])


def test_the_draft_of_the_version_stays_open_beside_its_pre_releases(ada: User) -> None:
    project = since_release("feat: a")
    cut(project, ada, channel="rc")
    whole = cut(Project.objects.get(), ada)
    assert (whole.version, told(whole), whole.previous) == (
        "1.3.0",
        ["a"],
        project.releases.get(tag="v1.2.3"),
    )


def test_nothing_new_gives_no_further_pre_release(ada: User) -> None:
    project = since_release("feat: a")
    cut(project, ada, channel="rc")
    with pytest.raises(Refused, match="since the last pre-release"):
        cut(Project.objects.get(), ada, channel="rc")


def test_it_refuses_a_channel_that_the_policy_does_not_know(ada: User) -> None:
    with pytest.raises(Refused, match="beta and rc alone"):
        cut(since_release("feat: a"), ada, channel="nightly")


def test_less_than_the_commits_ask_for_has_to_be_explained(ada: User) -> None:
    project = since_release("feat: a")
    with pytest.raises(Refused, match="why it is only a patch one"):
        cut(project, ada, "patch", reason=" ")
    assert cut(project, ada, "patch").version == "1.2.4"
    data = AuditEvent.objects.get(verb="release.cut").data
    assert (data["bump"], data["asked"], data["forced"]) == ("patch", "minor", True)


def test_it_refuses_when_trunk_has_moved_on(ada: User) -> None:
    with pytest.raises(Refused, match="has moved on to") as refusal:
        cut(since_release("fix: b"), ada, head_sha="0" * 40)
    assert refusal.value.code == "trunk_moved"
    assert not Promotion.objects.exists()


def test_it_refuses_when_nothing_asks_for_a_release(ada: User) -> None:
    with pytest.raises(Refused, match="asks for a release") as refusal:
        cut(since_release("docs: only words"), ada)
    assert refusal.value.code == "nothing_to_release"


def test_it_refuses_an_empty_repository(tmp_path: Path, ada: User) -> None:
    project = imported(Drawing(tmp_path / "api").make()).project
    with pytest.raises(Refused, match="no commits yet"):
        cut(project, ada, "minor", head_sha="x")


def test_it_refuses_a_bump_that_does_not_exist(ada: User) -> None:
    with pytest.raises(Refused, match="patch, minor or major"):
        cut(since_release("fix: b"), ada, "enormous")


@pytest.mark.parametrize("bump", ["auto", "major"])
def test_who_comes_second_reads_who_was_first(ada: User, ben: User, bump: str) -> None:
    project = since_release("fix: b")
    cut(project, ada)
    with pytest.raises(Refused, match=r"Ada has cut v1\.2\.4 at this commit already") as refusal:
        cut(project, ben, bump)
    assert refusal.value.code == "cut_already"


def test_a_refusal_leaves_everything_as_it_was(ada: User) -> None:
    project = since_release("docs: only words")
    before = log(project), project.draft.computed_at, Release.objects.count()
    with pytest.raises(Refused):
        cut(project, ada)
    project = Project.objects.get()
    assert (log(project), project.draft.computed_at, Release.objects.count()) == before
    assert not AuditEvent.objects.filter(verb="release.cut").exists()


def test_a_release_after_a_cut_builds_on_it(ada: User) -> None:
    project = since_release("fix: b")
    first = cut(project, ada)
    land(project, "feat: c", 99)
    second = cut(Project.objects.get(), ada)
    assert (second.version, second.previous, told(second)) == ("1.3.0", first, ["c"])


def test_a_pre_release_that_a_commit_asks_for_keeps_the_draft_open(ada: User) -> None:
    project = since_release("feat: a\n\nRelease-As: 2.0.0-rc.1")
    release = cut(project, ada)
    assert (release.version, release.is_prerelease) == ("2.0.0-rc.1", True)
    draft = Project.objects.get().draft
    assert (draft.version, draft.commit_count) == ("2.0.0", 1)
