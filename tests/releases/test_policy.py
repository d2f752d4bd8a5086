"""The policy of a project: changed on its page, followed by its draft, written down."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.urls import reverse

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from releases.drafting.policies import change, mark_of, present
from releases.models import Project
from tests.cast import signed_in
from tests.releases.imports import NOW, since_release
from tests.releases.test_cut import cut

pytestmark = pytest.mark.django_db


def changed(project: Project, by: User, seen: str = "", **wanted: Any) -> Project:
    change(
        project,
        {**present(project), **wanted},
        seen=seen or mark_of(project),
        by=Actor.person(by),
        reason="We are past 1.0.",
        now=NOW,
    )
    return Project.objects.get(pk=project.pk)


def send(project: Project, by: User, **values: Any) -> HttpResponse:
    form = {
        "type-name": ["feat", "docs", " ", ""],
        "type-title": ["New", "", "", ""],
        "type-bump": ["minor", "patch", "", ""],
        "type-shown": ["yes", "", "yes", "yes"],
        "breaking_in_zero": "minor",
        "first_version": "0.1.0",
        "channels": "rc, next",
        "cuts": "by-hand",
        "reason": "Words count.",
        "seen": mark_of(project),
    }
    answer = signed_in(by).post(reverse("policy", args=["api"]), {**form, **values})
    assert isinstance(answer, HttpResponse)
    return answer


def test_the_draft_follows_at_once(ada: User) -> None:
    project = since_release("docs: x")
    types = [{"name": "docs", "title": "Words", "bump": "minor", "folded": False}]
    assert changed(project, ada, types=types).draft.version == "1.3.0"


def test_what_was_cut_stays_as_it_is(ada: User) -> None:
    project = since_release("feat: a")
    release = cut(project, ada)
    changed(Project.objects.get(), ada, types=[{"name": "feat", "title": "New", "bump": None}])
    release.refresh_from_db()
    assert (release.version, release.changelog["sections"][0]["title"]) == ("1.3.0", "Features")


def test_it_is_audited_from_what_to_what(ada: User) -> None:
    changed(since_release("feat: x"), ada, channels=["rc"], breaking_in_zero="major")
    event = AuditEvent.objects.get(verb="policy.change")
    assert (event.actor, event.scope, event.reason) == ("Ada", "api", "We are past 1.0.")
    assert event.data == {
        "channels": {"from": ["beta", "rc"], "to": ["rc"]},
        "breaking_in_zero": {"from": "minor", "to": "major"},
    }


def test_who_saw_an_older_policy_is_told(ada: User, ben: User) -> None:
    project = since_release("feat: x")
    seen = mark_of(project)
    project = changed(project, ada, channels=["rc"])
    with pytest.raises(Refused, match="Somebody changed the policy"):
        changed(project, ben, seen, channels=["next"])
    assert Project.objects.get().policy.channels == ("rc",)


def test_nothing_different_is_nothing_saved(ada: User) -> None:
    with pytest.raises(Refused, match="Nothing is different"):
        changed(since_release("feat: x"), ada)


def test_its_page_saves_what_was_typed(ada: User) -> None:
    project = since_release("docs: x")
    assert send(project, ada)["Location"] == "/projects/api/draft/"
    policy = Project.objects.get().policy
    assert [(each.name, each.title, each.is_folded) for each in policy.types] == [
        ("feat", "New", False),
        ("docs", "Docs", True),
    ]
    assert policy.channels == ("rc", "next")
    assert Project.objects.get().draft.version == "1.2.4"


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"type-name": ["Feat!", "docs", "", ""]}, "no name for a type"),
        ({"type-name": ["", "", "", ""]}, "1 to 40 types"),
        ({"first_version": "one"}, "such as 0.1.0"),
        ({"channels": "1"}, "no channel"),
        ({"cuts": "always"}, "by hand or after a merge"),
        ({"reason": ""}, "Say why"),
    ],
)
def test_what_cannot_be_is_refused_and_still_there(
    ada: User, values: dict[str, Any], why: str
) -> None:
    answer = send(since_release("docs: x"), ada, **values)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert "rc, next" in page or "channels" in values
    assert not AuditEvent.objects.filter(verb="policy.change").exists()
