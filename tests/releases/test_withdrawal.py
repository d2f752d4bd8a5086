"""Withdrawing a release: it stays visible, and is used for nothing any more."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Operation, User
from agentmesh_release.core.refusals import Refused
from releases.drafting import cutting
from releases.models import Activation, Project, Promotion, Release
from releases.production.way_back import ways_back
from releases.publication import publishing
from tests.cast import signed_in
from tests.releases.conftest import Api, execute
from tests.releases.imports import NOW, since_release, told

from .publishing import Press

pytestmark = pytest.mark.django_db


def withdraw(release: Release, by: User) -> None:
    publishing.withdraw(release, by=Actor.person(by), reason="It loses runs.", now=timezone.now())


def refusal(release: Release, by: User) -> Refused:
    with pytest.raises(Refused) as caught:
        withdraw(release, by)
    return caught.value


def test_it_says_who_when_and_why(api: Api, ada: User) -> None:
    withdraw(api.new, ada)
    assert (api.new.state, api.new.withdrawn_by) == ("withdrawn", "Ada")
    assert api.new.withdrawn_because == "It loses runs."
    event = AuditEvent.objects.get(verb="release.withdraw")
    assert (event.subject, event.reason) == (api.new.subject, "It loses runs.")


def test_what_is_live_is_not_withdrawn(api: Api, ada: User) -> None:
    assert refusal(api.old, ada).code == "is_live"


def test_what_was_live_before_may_be(api: Api, ada: User) -> None:
    Activation.objects.update(release=api.new, sha=api.new.commit_sha)
    withdraw(api.old, ada)
    assert api.old.is_withdrawn


def test_what_is_being_promoted_is_not_withdrawn(api: Api, ada: User, ben: User) -> None:
    execute(api.approved(ada, ben), ben)
    assert refusal(api.new, ada).code == "on_its_way"


def test_what_is_being_published_is_not_withdrawn(ada: User) -> None:
    project = since_release("fix: b")
    release = _cut(project, ada)
    assert refusal(release, ada).code == "being_published"


def test_it_happens_once(api: Api, ada: User, ben: User) -> None:
    withdraw(api.new, ada)
    assert refusal(Release.objects.get(pk=api.new.pk), ben).code == "not_now"
    assert Operation.objects.filter(kind="release-withdrawal").count() == 1


def test_what_was_asked_for_is_taken_back_with_it(api: Api, ada: User) -> None:
    promotion = api.ask(ada)
    withdraw(api.new, ada)
    promotion.refresh_from_db()
    assert promotion.state == "withdrawn"


def test_it_cannot_be_promoted(api: Api, ada: User, ben: User) -> None:
    withdraw(api.new, ada)
    with pytest.raises(Refused, match="was withdrawn"):
        api.ask(ben)


def test_it_is_no_way_back_that_we_propose(api: Api, ada: User) -> None:
    Activation.objects.update(release=api.new, sha=api.new.commit_sha)
    assert list(ways_back(api.new)) == [api.old]
    withdraw(api.old, ada)
    assert list(ways_back(api.new)) == []


def _cut(project: Project, by: User, bump: str = "auto") -> Release:
    return cutting.cut(
        project,
        by=Actor.person(by),
        head_sha=project.trunk_sha,
        bump=bump,
        reason="due",
        now=NOW,
    )


def test_its_version_is_not_used_again(ada: User) -> None:
    project = since_release("fix: b")
    first = _cut(project, ada)
    publishing.stop(first, by=Actor.person(ada), reason="wrong")
    withdraw(first, ada)
    second = _cut(project, ada, "patch")
    assert (first.version, second.version, second.previous) == ("1.2.4", "1.2.5", first)


def test_github_shows_it_and_keeps_the_tag(press: Press) -> None:
    release = press.cut()
    press.work(release)
    withdraw(release, press.ada)
    assert press.work(release).state == "done"
    (shown,) = press.shown()
    assert (shown["name"], shown["prerelease"]) == ("v1.1.1 (withdrawn)", True)
    assert "> **Withdrawn** by Ada: It loses runs." in shown["body"]
    assert "c (" in shown["body"], "what it said stays"
    assert press.ask("GET", "/git/ref/tags/v1.1.1")["object"]["sha"] == release.commit_sha


def test_what_was_never_published_leaves_no_draft(press: Press) -> None:
    release = press.cut()
    press.fault("403", path="/uploads")
    press.work(release)
    press.heal()
    withdraw(release, press.ada)
    assert press.work(release).state == "done"
    assert press.shown() == []


@pytest.mark.parametrize("kind", ["502", "late", "drop", "422", "429"])
def test_a_fault_marks_it_once(press: Press, kind: str) -> None:
    release = press.cut()
    press.work(release)
    withdraw(release, press.ada)
    press.fault(kind, method="PATCH", times=1, seconds=1)
    if press.work(release).state != "done":
        publishing.mark_again(release, by=press.by)
        press.work(release)
    assert press.acts()[-2:] == ["update", "update"]
    assert press.shown()[0]["body"].count("**Withdrawn**") == 1


def test_its_page_says_so_and_offers_no_promotion(api: Api, ada: User, sam: User) -> None:
    withdraw(api.new, ada)
    page = signed_in(ada).get(reverse("release", args=["api", "1.1.0"])).content.decode()
    assert "Ada withdrew it" in page
    assert "It loses runs." in page
    assert "Ask for its promotion" not in page
    reader = signed_in(sam)
    assert "Withdrawn" in reader.get(reverse("history")).content.decode()
    assert "api v1.1.0 (withdrawn)" in reader.get(reverse("feed-json")).content.decode()


def test_the_page_withdraws_with_a_reason(client: Client, api: Api, ada: User) -> None:
    here = reverse("release-withdrawal", args=["api", "1.1.0"])
    client.force_login(ada)
    assert client.post(here).status_code == 422
    assert client.post(here, {"reason": "It loses runs."}).status_code == 302
    assert Release.objects.get(pk=api.new.pk).is_withdrawn


def test_on_call_may_not_withdraw(client: Client, api: Api, cleo: User) -> None:
    client.force_login(cleo)
    here = reverse("release-withdrawal", args=["api", "1.1.0"])
    assert client.post(here, {"reason": "x"}).status_code == 403
    assert Promotion.objects.count() == 0


def test_going_back_to_it_is_advised_against_not_forbidden(api: Api, ada: User, cleo: User) -> None:
    Activation.objects.update(release=api.new, sha=api.new.commit_sha)
    withdraw(api.old, ada)
    browser, here = signed_in(cleo), reverse("rollback-start", args=["api", "1.0.0"])
    assert "Ada withdrew v1.0.0" in browser.get(here).content.decode()
    assert browser.post(here, {"reason": "Worse now."}).status_code == 302


def test_commits_of_it_stay_with_it(ada: User) -> None:
    project = since_release("fix: b")
    release = _cut(project, ada)
    publishing.stop(release, by=Actor.person(ada), reason="wrong")
    withdraw(release, ada)
    assert told(_cut(project, ada, "patch")) == []
