"""Known issues: noted by who may, carried on, closed in a release, told to whoever reads."""

import pytest
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from releases.models import KnownIssue, Release
from tests.cast import signed_in

from .conftest import Api

ADA = Actor("person", "Ada", 1)
OLD, NEW = "/projects/api/releases/1.0.0/", "/projects/api/releases/1.1.0/"
HOSTILE = "<script>alert(1)</script> [x](javascript:alert(1)) \u202e"


def noted(api: Api, release: Release | None = None, **fields: str) -> KnownIssue:
    given = {"severity": "high", "title": "Search is slow", "description": "", "url": "", **fields}
    return KnownIssue.add(release or api.old, **given, by=ADA, now=timezone.now())


def close(issue: KnownIssue, release: Release) -> None:
    issue.close(release, by=ADA, reason="mended", now=timezone.now())


def test_it_is_carried_on_to_later_releases_until_it_is_closed(api: Api, sam: User) -> None:
    issue = noted(api)
    reader = signed_in(sam)
    for page in (OLD, NEW):
        assert "Search is slow" in reader.get(page).content.decode()
    close(issue, api.new)
    assert "Closed in v1.1.0" in reader.get(NEW).content.decode()
    later = Release.objects.get(pk=api.new.pk)
    later.pk, later.version, later.tag = None, "1.2.0", "v1.2.0"
    later.precedence = later.precedence + "~"
    later.save(force_insert=True)
    assert "Search is slow" not in reader.get("/projects/api/releases/1.2.0/").content.decode()


def test_an_earlier_release_does_not_have_it(api: Api, sam: User) -> None:
    noted(api, api.new)
    assert "Search is slow" not in signed_in(sam).get(OLD).content.decode()


def test_it_is_closed_once_and_not_before_it_was_found(api: Api) -> None:
    issue = noted(api, api.new)
    with pytest.raises(Refused, match="came after"):
        close(issue, api.old)
    close(issue, api.new)
    with pytest.raises(Refused) as refused:
        close(KnownIssue.objects.get(), api.new)
    assert refused.value.code == "not_now"


def test_noting_and_closing_are_on_record(api: Api) -> None:
    close(noted(api), api.new)
    found = AuditEvent.objects.filter(verb__startswith="known_issue").order_by("id")
    assert [(each.verb, each.data["release"]) for each in found] == [
        ("known_issue.add", "1.0.0"),
        ("known_issue.close", "1.1.0"),
    ]


def test_the_same_issue_twice_is_refused_until_it_is_closed(api: Api) -> None:
    first = noted(api)
    with pytest.raises(Refused, match="known already"):
        noted(api)
    close(first, api.new)
    assert noted(api, api.new).pk != first.pk


def test_on_call_notes_and_closes_by_plain_forms(api: Api, cleo: User) -> None:
    person = signed_in(cleo)
    here = f"{NEW}known-issues/new/"
    typed = {"title": "Search is slow", "severity": "low", "description": "", "url": ""}
    assert person.post(here, typed)["Location"] == f"{NEW}#known-issues"
    issue = KnownIssue.objects.get()
    closing = f"{NEW}known-issues/{issue.pk}/closing/"
    assert person.post(closing, {"reason": ""}).status_code == 422
    assert person.post(closing, {"reason": "mended"}).status_code == 302
    issue.refresh_from_db()
    assert (issue.state, issue.closed_in, issue.closed_by) == ("closed", api.new, "Cleo")


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"title": ""}, "what users notice"),
        ({"title": "x" * 201}, "200 characters"),
        ({"title": "a", "severity": "dire"}, "Choose high"),
        ({"title": "a", "url": "javascript:alert(1)"}, "whole address"),
        ({"title": "a", "url": "ftp://example.com/x"}, "starts with https"),
    ],
)
def test_what_was_typed_wrongly_is_said_and_kept(
    api: Api, cleo: User, typed: dict[str, str], said: str
) -> None:
    whole = {"severity": "low", "description": "kept", **typed}
    answer = signed_in(cleo).post(f"{NEW}known-issues/new/", whole)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert said in page
    assert "kept" in page
    assert not KnownIssue.objects.exists()


def test_it_is_part_of_the_changelogs_export(api: Api, sam: User) -> None:
    noted(api, description="Only with filters.")
    text = signed_in(sam).get(f"{NEW}changelog.md").content.decode()
    assert "### Known issues" in text
    assert "Only with filters." in text


def test_hostile_text_stays_text(api: Api, sam: User) -> None:
    noted(api, title=HOSTILE, description=f"\x00\ud800{HOSTILE}\n# heading")
    reader = signed_in(sam)
    assert "<script>alert" not in reader.get(NEW).content.decode()
    text = reader.get(f"{NEW}changelog.md").content.decode()
    assert "\n# heading" not in text
    assert "](javascript" not in text.replace("\\]\\(", "").replace("\\](", "")


def test_open_ones_come_first_and_the_gravest_of_them(api: Api) -> None:
    titles = [("a", "low"), ("b", "high"), ("c", "medium"), ("d", "high")]
    made = [noted(api, title=title, severity=severity) for title, severity in titles]
    close(made[3], api.old)
    found = KnownIssue.objects.in_release(api.project, api.old.precedence).gravest_first()
    assert [each.title for each in found] == ["b", "c", "a", "d"]


def test_the_history_marks_releases_that_have_open_ones(api: Api, sam: User) -> None:
    issue = noted(api, api.new)
    reader, said = signed_in(sam), "1\N{NO-BREAK SPACE}known issue"
    assert reader.get("/releases/").content.decode().count(said) == 1
    close(issue, api.new)
    assert said not in reader.get("/releases/").content.decode()
