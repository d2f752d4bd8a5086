"""The public changelog: off by default, the same for everybody, and nothing private in it."""

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.models import AuditEvent, Role, User
from agentmesh_release.core.people import invite
from releases.conventional.changelog import as_json, build
from releases.conventional.changes import change_of
from releases.models import EditedNotes, Publication, PublicChangelog, Release
from releases.views import public_changelog
from tests.cast import SETUP, signed_in
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)
PLACES = ("", "1.1.0/", "feed.atom", "changelog.md")
CHANGES = (
    ("a" * 40, "feat(web): show <b>what</b> runs (#7)", "Grace Hopper"),
    ("b" * 40, "fix: mail goes to grace@example.com again", "grace@example.com"),
    ("c" * 40, "chore: tidy the desk", "Grace Hopper"),
)


@pytest.fixture
def opened(api: Api) -> PublicChangelog:
    told = build([change_of(*each) for each in CHANGES], version="v1.1.0", released_at=AT)
    Release.objects.update(state="published", released_at=AT, changelog=as_json(told))
    return PublicChangelog.objects.create(project=api.project, changed_at=AT)


def get(client: Client, place: str = "", **extra: str) -> Any:
    return client.get(f"/changelog/api/{place}", headers=extra)


def text(client: Client, place: str = "") -> str:
    return str(get(client, place).content.decode())


@pytest.mark.parametrize("place", PLACES)
def test_one_that_is_not_public_and_one_that_is_not_there_are_answered_alike(
    api: Api, client: Client, place: str
) -> None:
    kept = client.get(f"/changelog/api/{place}")
    missing = client.get(f"/changelog/nowhere/{place}")
    assert kept.status_code == missing.status_code == 404
    now = rb'data-now="[^"]+"'
    assert re.sub(now, b"", kept.content) == re.sub(now, b"", missing.content)


@pytest.mark.parametrize("place", PLACES)
def test_a_stranger_reads_what_is_new_and_nothing_private(
    opened: PublicChangelog, client: Client, place: str
) -> None:
    shown = text(client, place)
    assert "what" in shown
    link = opened.project.repository_url
    for private in ("Grace", "grace@", "example.com", link, "tidy the desk", "a" * 7):
        assert private not in shown
    assert "<b>what</b>" not in shown


@pytest.mark.parametrize("place", PLACES)
def test_it_sets_no_cookie_and_any_cache_may_keep_it(
    opened: PublicChangelog, client: Client, place: str
) -> None:
    answer = get(client, place)
    assert not answer.cookies
    assert "Cookie" not in answer.get("Vary", "")
    assert answer["Cache-Control"] == "public, max-age=60"


@pytest.mark.parametrize("place", PLACES)
def test_who_has_it_already_is_not_sent_it_again(
    opened: PublicChangelog, client: Client, place: str
) -> None:
    first = get(client, place)
    again = get(client, place, **{"if-none-match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    since = get(client, place, **{"if-modified-since": first["Last-Modified"]})
    assert since.status_code == 304


def test_what_was_cut_long_before_it_was_published_is_news(
    opened: PublicChangelog, api: Api, client: Client
) -> None:
    before = get(client)["Last-Modified"]
    out = AT.replace(day=22)
    Publication.objects.update_or_create(release=api.old, defaults={"published_at": out})
    assert get(client, if_modified_since=before).status_code == 200
    assert out.isoformat() in text(client, "feed.atom")


def test_it_is_the_same_for_who_is_signed_in_and_has_chosen_a_theme(
    opened: PublicChangelog, client: Client, sam: User
) -> None:
    reader = signed_in(sam)
    reader.cookies["theme"] = "dark"
    assert get(reader).content == get(client).content


def test_links_stand_only_where_they_are_allowed(opened: PublicChangelog, client: Client) -> None:
    PublicChangelog.objects.update(has_links=True)
    assert f'href="{opened.project.repository_url}/pull/7"' in text(client)


def test_edited_notes_are_told_without_links_to_the_repository(
    opened: PublicChangelog, api: Api, client: Client
) -> None:
    there = api.project.repository_url
    written = f"- Runs ([#7]({there}/pull/7)), {there}/x\n- [Docs](https://docs.example.org)\n"
    EditedNotes.objects.create(
        project=api.project, release=api.new, text=written, generated="", by="Ada", at=AT
    )
    shown = text(client, "1.1.0/")
    assert "(#7)" in shown
    assert there not in shown
    assert 'href="https://docs.example.org"' in shown


@pytest.mark.parametrize("state", ["cut", "publishing"])
def test_what_is_not_published_is_not_there(
    opened: PublicChangelog, api: Api, client: Client, state: str
) -> None:
    Release.objects.filter(pk=api.new.pk).update(state=state)
    assert "v1.1.0" not in text(client)
    assert get(client, "1.1.0/").status_code == 404
    assert get(client, "?before=1.1.0").status_code == 404


def test_prereleases_are_told_only_where_that_is_chosen(
    opened: PublicChangelog, api: Api, client: Client
) -> None:
    Release.objects.filter(pk=api.new.pk).update(is_prerelease=True)
    assert "v1.1.0" not in text(client)
    PublicChangelog.objects.update(has_prereleases=True)
    assert "v1.1.0" in text(client)


def test_a_withdrawn_release_is_marked_and_says_no_more(
    opened: PublicChangelog, api: Api, client: Client
) -> None:
    Release.objects.filter(pk=api.new.pk).update(
        state="withdrawn", withdrawn_at=timezone.now(), withdrawn_by="Ada",
        withdrawn_because="It loses orders.", cut_by="",
    )  # fmt: skip
    shown = text(client, "1.1.0/")
    assert "Do not use this version" in shown
    for private in ("Ada", "orders", "what"):
        assert private not in shown.replace("What", "")


def test_what_was_withdrawn_before_it_was_out_is_not_there(
    opened: PublicChangelog, api: Api, client: Client
) -> None:
    Release.objects.filter(pk=api.new.pk).update(state="withdrawn", withdrawn_at=timezone.now())
    assert get(client, "1.1.0/").status_code == 404


def test_older_releases_are_a_page_away(opened: PublicChangelog, api: Api, client: Client) -> None:
    shown = get(client, "?before=1.1.0").content.decode()
    assert "v1.0.0" in shown
    assert 'aria-labelledby="v-' + str(api.new.pk) not in shown
    assert get(client, "?before=9.9.9").status_code == 404


def test_the_way_to_older_ones_leads_there_whatever_the_version_is_called(
    opened: PublicChangelog, api: Api, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(public_changelog, "PER_PAGE", 1)
    Release.objects.filter(pk=api.new.pk).update(version="1.1.0+build.7")
    older = get(client).context["page"].older
    assert "v1.0.0" in get(client, older).content.decode()


def test_it_names_itself_for_searchers(opened: PublicChangelog, client: Client) -> None:
    shown = text(client, "1.1.0/")
    assert '<link rel="canonical" href="http://testserver/changelog/api/1.1.0/">' in shown
    assert '<meta name="description" content="What api v1.1.0 brings' in shown
    assert "<title>api v1.1.0</title>" in shown


def admin() -> Client:
    return signed_in(invite("root", "Root", Role.ADMIN, by=SETUP))


def test_who_sets_projects_up_switches_it_on_and_off_on_record(api: Api, client: Client) -> None:
    there = "/projects/api/settings/changelog/"
    admin().post(there, {"shown": "everybody", "links": "yes", "reason": "Users ask."})
    assert PublicChangelog.objects.get().has_links
    assert get(client).status_code == 200
    admin().post(there, {"shown": "nobody", "reason": "We moved."})
    assert get(client).status_code == 404
    noted = AuditEvent.objects.filter(verb__startswith="changelog.").order_by("pk")
    assert [(each.verb, each.reason) for each in noted] == [
        ("changelog.open", "Users ask."),
        ("changelog.close", "We moved."),
    ]


def test_it_asks_for_a_reason(api: Api) -> None:
    answer = admin().post("/projects/api/settings/changelog/", {"shown": "everybody"})
    assert answer.status_code == 422
    assert not PublicChangelog.objects.exists()
