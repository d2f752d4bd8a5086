"""One template a page, of which htmx may ask for a part."""

import pytest
from django.test import Client

from agentmesh_release.core import audit
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models.membership import Role
from agentmesh_release.core.models.user import User
from agentmesh_release.core.people import invite
from agentmesh_release.core.world import create_world

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def demo_world() -> None:
    create_world("demo", "AgentMesh Cloud")


@pytest.fixture
def ada() -> User:
    return invite("ada", "Ada", Role.RELEASE_MANAGER, by=Actor.system("setup"))


@pytest.fixture
def browser(ada: User) -> Client:
    client = Client()
    client.force_login(ada)
    return client


def test_a_page_is_whole_without_htmx(browser: Client) -> None:
    page = browser.get("/audit/").content.decode()
    assert page.startswith("<!doctype html>")
    assert 'id="log"' in page


def test_htmx_gets_only_the_partial_it_asks_for(browser: Client) -> None:
    part = browser.get("/audit/", headers={"HX-Request": "true", "HX-Target": "log"})
    assert part.content.decode().strip().startswith('<div id="log"')


@pytest.mark.parametrize("target", ["nothing-of-that-name", "a#b", "../settings", ""])
def test_an_unknown_target_gets_the_whole_page(browser: Client, target: str) -> None:
    page = browser.get("/audit/", headers={"HX-Request": "true", "HX-Target": target})
    assert page.content.startswith(b"<!doctype html>")


def test_a_boosted_link_gets_the_whole_page(browser: Client) -> None:
    headers = {"HX-Request": "true", "HX-Boosted": "true", "HX-Target": "log"}
    assert browser.get("/audit/", headers=headers).content.startswith(b"<!doctype html>")


def test_caches_are_told_what_the_answer_hangs_on(browser: Client) -> None:
    vary = browser.get("/audit/")["Vary"]
    assert "HX-Request" in vary
    assert "HX-Target" in vary


def test_no_cache_answers_with_a_page_unasked(browser: Client) -> None:
    assert browser.get("/audit/")["Cache-Control"] == "private, no-cache"


def test_the_frame_says_who_and_which_world(browser: Client) -> None:
    page = browser.get("/more/").content.decode()
    assert "Demo world." in page
    assert "You are Ada." in page
    assert "Release manager" in page


def test_signing_out_is_a_form_and_no_link(browser: Client) -> None:
    assert '<form method="post" action="/sign-out/">' in browser.get("/more/").content.decode()


def test_the_chosen_theme_is_rendered_by_the_server(browser: Client) -> None:
    assert "data-theme" not in browser.get("/more/").content.decode()
    browser.post("/theme/", {"theme": "dark", "next": "/more/"})
    assert 'data-theme="dark"' in browser.get("/more/").content.decode()


def test_a_hostile_theme_is_not_repeated(browser: Client) -> None:
    browser.cookies["theme"] = '"><script>'
    assert "<script>" not in browser.get("/more/").content.decode()


def test_the_audit_page_shows_hostile_records_as_text(browser: Client, ada: User) -> None:
    audit.record(
        "release.cut", actor=Actor.person(ada), label="<img src=x>", reason="<script>",
        data={"items": [["<b>", 1]], "<i>": {"deep": ["<u>"]}},
    )  # fmt: skip
    page = browser.get("/audit/").content.decode()
    assert "Cut the release" in page
    assert not any(raw in page for raw in ("<img", "<script>", "<i>", "<u>"))


def test_the_audit_page_says_when_no_record_fits(browser: Client) -> None:
    assert "Nothing fits these filters" in browser.get("/audit/?q=zzz").content.decode()


def test_the_style_guide_is_in_the_demo_world(browser: Client) -> None:
    assert browser.get("/styleguide/").status_code == 200
