"""Feeds of releases and the changelog as Markdown, as a reader's program fetches them."""

import json
from datetime import UTC, datetime
from typing import Any
from xml.etree import ElementTree

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agentmesh_release.core.models import User
from releases import changelogs
from releases.models import Activation, EditedNotes, Project, Release
from tests.cast import signed_in
from tests.releases.histories import told, told_project
from tests.releases.imports import release

pytestmark = pytest.mark.django_db

ATOM = "{http://www.w3.org/2005/Atom}"
HOSTILE = "feat: <script>alert(1)</script> ]]> &amp; \x08\x1b[31m‮ \ufffe 🦓"
FILES = ["feed-atom", "feed-json", "project-feed-atom", "project-feed-json", "changelog-markdown"]


@pytest.fixture
def project(demo_world: None) -> Project:
    api = told_project()
    told(api, "1.2.0", HOSTILE, "feat(" + "s" * 200 + "): " + "x" * 100_000, day=12)
    changelogs.rewrite(list(Release.objects.values_list("pk", flat=True)))
    return api


def address(name: str) -> str:
    args = {"changelog-markdown": ["api", "1.2.0"]}.get(name, ["api"] if "project" in name else [])
    return reverse(name, args=args)


def read(sam: User, name: str, **headers: str) -> HttpResponse:
    answer: Any = signed_in(sam).get(address(name), headers=headers)
    return answer  # type: ignore[no-any-return]


def live(project: Project, tag: str) -> Activation:
    return project.environments.get().activations.create(
        release=release(project, tag),
        vercel_id=f"dpl_{tag}",
        origin="promotion",
        since=datetime(2026, 11, 20, 15, tzinfo=UTC),
    )


@pytest.mark.parametrize("name", ["feed-atom", "project-feed-atom"])
def test_atom_tells_the_newest_first(project: Project, sam: User, name: str) -> None:
    answer = read(sam, name)
    assert answer["Content-Type"].startswith("application/atom+xml")
    root = ElementTree.fromstring(answer.content)
    titles = [entry.findtext(f"{ATOM}title") for entry in root.iter(f"{ATOM}entry")]
    assert titles == ["api v1.2.0", "api v1.1.0", "api v1.1.0-rc.1", "api v1.0.0"]
    assert root.find(f"{ATOM}author") is not None


@pytest.mark.parametrize("name", ["feed-json", "project-feed-json"])
def test_json_feed_says_what_its_version_asks_for(project: Project, sam: User, name: str) -> None:
    answer = read(sam, name)
    assert answer["Content-Type"].startswith("application/feed+json")
    feed = json.loads(answer.content)
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["feed_url"] == f"http://testserver{address(name)}"
    first = feed["items"][0]
    assert first["id"] == f"http://testserver{reverse('release', args=['api', '1.2.0'])}"
    assert {"title", "content_html", "date_published"} <= first.keys()


def test_hostile_text_stays_text(project: Project, sam: User) -> None:
    html = json.loads(read(sam, "feed-json").content)["items"][0]["content_html"]
    assert "&lt;script&gt;" in html
    assert "<script" not in html
    assert not {"\x08", "\x1b", "\ufffe"} & set(html)


def test_it_says_when_it_went_live(project: Project, sam: User) -> None:
    live(project, "v1.1.0")
    item = json.loads(read(sam, "feed-json").content)["items"][1]
    assert "Went live in production on 20 Nov 2026, 15:00 UTC." in item["content_html"]
    assert item["date_modified"].startswith("2026-11-20T15:00")


def test_a_project_has_a_feed_of_its_own(project: Project, sam: User) -> None:
    web = Project.objects.create(slug="web", name="web", repository="demo/web")
    told(web, "9.0.0", "feat: elsewhere", day=25)
    assert len(json.loads(read(sam, "project-feed-json").content)["items"]) == 4
    assert len(json.loads(read(sam, "feed-json").content)["items"]) == 5


@pytest.mark.parametrize("name", FILES)
def test_what_the_reader_has_is_not_sent_again(project: Project, sam: User, name: str) -> None:
    first = read(sam, name)
    for header, field in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        again = read(sam, name, **{header: first[field]})
        assert (again.status_code, again.content) == (304, b"")
        assert again["ETag"] == first["ETag"]


def test_going_live_changes_the_feed(project: Project, sam: User) -> None:
    before = read(sam, "feed-atom")
    live(project, "v1.1.0")
    for header, field in (("If-None-Match", "ETag"), ("If-Modified-Since", "Last-Modified")):
        assert read(sam, "feed-atom", **{header: before[field]}).status_code == 200


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("header", ["If-None-Match", "If-Modified-Since"])
def test_a_bad_condition_is_no_condition(
    project: Project, sam: User, name: str, header: str
) -> None:
    assert read(sam, name, **{header: '"\udc80 nonsense'}).status_code == 200


@pytest.mark.parametrize("name", FILES)
def test_nobody_reads_them_without_signing_in(project: Project, client: Client, name: str) -> None:
    answer = client.get(address(name))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


def test_an_empty_feed_is_a_feed(demo_world: None, sam: User) -> None:
    client = signed_in(sam)
    assert json.loads(client.get(reverse("feed-json")).content)["items"] == []
    assert ElementTree.fromstring(client.get(reverse("feed-atom")).content).tag == f"{ATOM}feed"
    assert client.get(reverse("project-feed-atom", args=["nowhere"])).status_code == 404


def test_the_changelog_as_markdown(project: Project, sam: User) -> None:
    answer = signed_in(sam).get(reverse("changelog-markdown", args=["api", "1.1.0"]))
    text = answer.content.decode()
    assert answer["Content-Type"] == "text/markdown; charset=utf-8"
    assert answer["Content-Disposition"] == 'inline; filename="api-1.1.0.md"'
    assert text.startswith("## ")
    assert "### Breaking changes" in text


def test_a_release_without_a_changelog_says_so(project: Project, sam: User) -> None:
    Release.objects.filter(version="1.0.0").update(changelog={})
    answer = signed_in(sam).get(reverse("changelog-markdown", args=["api", "1.0.0"]))
    assert answer.content == b"It has no changelog.\n"


def test_the_history_leads_to_them(project: Project, sam: User) -> None:
    client = signed_in(sam)
    assert address("feed-atom") in client.get(reverse("history")).content.decode()
    of_api = client.get(reverse("history"), {"project": "api"}).content.decode()
    assert address("project-feed-json") in of_api
    assert client.get(reverse("history"), {"project": "<no slug>"}).status_code == 200


def test_what_a_person_wrote_is_what_readers_are_told(project: Project, sam: User) -> None:
    written = datetime(2026, 11, 13, tzinfo=UTC)
    EditedNotes.objects.create(
        project=project,
        release=release(project, "v1.2.0"),
        text="Agents have *names*. <script>",
        generated="x",
        by="Ada",
        at=written,
    )
    items = json.loads(read(sam, "feed-json").content)["items"]
    (item,) = (each for each in items if "1.2.0" in each["title"])
    assert "<em>names</em>. &lt;script&gt;" in item["content_html"]
    assert item["date_modified"] == written.isoformat()
    assert "Agents have *names*." in read(sam, "changelog-markdown").content.decode()
