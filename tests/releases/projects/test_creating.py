"""A project is set up: stored once, on record, polled from then on."""

import pytest
from django.test import Client

from agentmesh_release.core.models import AuditEvent, Event, Poll, User, World
from flags.models import Target
from releases.models import Environment, Project
from tests.cast import signed_in

from .conftest import TYPED

URL = "/projects/new/"


def test_what_is_typed_is_stored_and_on_record(demo_world: World, admin: Client) -> None:
    typed = {**TYPED, "domain": "front.example.com", "app_database_url_name": "FRONT_DATABASE_URL"}
    answer = admin.post(URL, typed)
    assert answer["Location"] == "/projects/front/settings/gates/"
    project = Project.objects.get(slug="front")
    assert project.repository == "acme/front"
    assert project.environments.count() == 2
    assert project.environments.get(kind=Environment.Kind.PRODUCTION).domain == "front.example.com"
    made = AuditEvent.objects.get(verb="project.create")
    assert (made.actor, made.scope) == ("Dana", "front")
    assert made.data["repository"] == "acme/front"
    assert Target.objects.get().url_name == "FRONT_DATABASE_URL"


def test_it_is_polled_from_then_on(demo_world: World, admin: Client) -> None:
    admin.post(URL, TYPED)
    kinds = set(Poll.objects.filter(scope="front").values_list("kind", flat=True))
    assert kinds >= {"github", "vercel", "app-database"}
    assert Event.objects.filter(name="project.imported", payload__scope="front").exists()


def test_nothing_is_stored_while_something_is_wrong(demo_world: World, admin: Client) -> None:
    answer = admin.post(URL, {**TYPED, "repository": "front", "name": "Front page"})
    assert answer.status_code == 422
    assert "Enter it as owner/name." in answer.content.decode()
    assert 'value="Front page"' in answer.content.decode()
    assert not Project.objects.exists()


def test_two_projects_with_the_same_tags_are_refused(demo_world: World, admin: Client) -> None:
    admin.post(URL, TYPED)
    answer = admin.post(URL, {**TYPED, "name": "Again", "repository": "ACME/Front"})
    assert answer.status_code == 422
    assert "Give this one a tag prefix of its own" in answer.content.decode()
    other = admin.post(URL, {**TYPED, "name": "Back", "folder": "packages/back"})
    assert other["Location"] == "/projects/back/settings/gates/"
    namesake = admin.post(URL, {**TYPED, "name": "Back's API", "folder": "apis/back"})
    assert namesake.status_code == 422


def test_a_short_name_that_is_taken_is_refused(demo_world: World, admin: Client) -> None:
    admin.post(URL, {**TYPED, "slug": "front"})
    answer = admin.post(URL, {**TYPED, "slug": "front", "repository": "acme/other"})
    assert "is the slug of Front already" in answer.content.decode()


def test_a_test_saves_nothing_and_keeps_what_is_typed(demo_world: World, admin: Client) -> None:
    answer = admin.post(URL, {**TYPED, "test": "supabase", "name": "Front page"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert 'id="findings-supabase"' in page
    assert "No Supabase project is named." in page
    assert 'value="Front page"' in page
    assert not Project.objects.exists()


@pytest.mark.parametrize("name", ["MY_TOKEN", "sbp_" + "0" * 40])
def test_what_will_not_do_is_said_instead_of_testing_another(
    demo_world: World, admin: Client, name: str
) -> None:
    typed = {**TYPED, "test": "supabase", "supabase_ref": "a" * 20, "supabase_token_name": name}
    _, _, findings = admin.post(URL, typed).content.decode().partition('id="findings-supabase"')
    findings, _, _ = findings.partition("</ul>")
    assert "SUPABASE_ACCESS_TOKEN" in findings
    assert findings.count("<li") == 1
    assert name not in findings


def test_who_is_no_admin_may_not(demo_world: World, ada: User) -> None:
    assert signed_in(ada).get(URL).status_code == 403
    assert signed_in(ada).post(URL, TYPED).status_code == 403
    assert not Project.objects.exists()


def test_the_empty_first_page_of_a_real_world_leads_here(admin: Client) -> None:
    World.objects.create(id=1, kind="real", name="AgentMesh Cloud")
    assert 'href="/projects/new/"' in admin.get("/").content.decode()


def test_the_list_finds_projects_and_leaves_archived_ones_out(
    demo_world: World, admin: Client
) -> None:
    admin.post(URL, TYPED)
    admin.post(URL, {**TYPED, "name": "Back", "repository": "acme/back"})
    admin.post("/projects/back/settings/archive/", {"reason": "done", "to": "archived"})
    assert "acme/back" not in admin.get("/projects/").content.decode()
    assert "acme/back" in admin.get("/projects/?shown=archived").content.decode()
    found = admin.get("/projects/?shown=all&q=back").content.decode()
    assert "acme/back" in found
    assert "acme/front" not in found
