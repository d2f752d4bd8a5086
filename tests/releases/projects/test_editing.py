"""Settings change field by field, on record, and never over what somebody did not see."""

from collections.abc import Callable

import pytest
from django.test import Client

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from flags.models import Target
from releases.models import Project
from releases.projects.editing import edit
from releases.projects.form import Change
from tests.at_once import at_once
from tests.cast import signed_in
from tests.releases.conftest import Api, api, execute

from .conftest import shown

__all__ = ["api"]
URL = "/projects/api/settings/"


def saved(project: Project) -> Project:
    return Project.objects.get(pk=project.pk)


def test_each_changed_field_is_on_record_with_what_it_was(admin: Client, api: Api) -> None:
    admin.post(URL, shown(api.project, approvals_required="2", domain="www.example.com"))
    assert saved(api.project).approvals_required == 2
    api.production.refresh_from_db()
    assert api.production.domain == "www.example.com"
    event = AuditEvent.objects.get(verb="project.edit")
    assert event.data == {
        "Approvals": "1 → 2",
        "Production domain": "api.example.com → www.example.com",
    }


def test_what_was_left_alone_is_not_written(admin: Client, api: Api) -> None:
    admin.post(URL, shown(api.project))
    assert not AuditEvent.objects.filter(verb="project.edit").exists()


def test_two_people_on_different_fields_both_get_theirs(admin: Client, api: Api) -> None:
    first, second = shown(api.project, watch_s="600"), shown(api.project, approvals_required="2")
    admin.post(URL, first)
    admin.post(URL, second)
    project = saved(api.project)
    assert (project.watch_s, project.approvals_required) == (600, 2)


def test_the_second_on_the_same_field_is_told_and_keeps_what_was_typed(
    admin: Client, api: Api
) -> None:
    mine = shown(api.project, approvals_required="3")
    admin.post(URL, shown(api.project, approvals_required="2"))
    answer = admin.post(URL, mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dana changed this while you did: Approvals is 2 now" in page
    assert 'name="approvals_required" value="3"' in page
    assert '<input type="hidden" name="seen-approvals_required" value="2">' in page
    assert saved(api.project).approvals_required == 2
    admin.post(URL, {**mine, "seen-approvals_required": "2"})
    assert saved(api.project).approvals_required == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_on_one_field_one_is_refused(api: Api) -> None:
    by = Actor.system("test")

    def asking(value: int) -> Callable[[], object]:
        return lambda: edit(api.project, {"watch_s": Change("900", value)}, by=by)

    outcomes = at_once(asking(600), asking(700))
    assert sorted(outcomes, key=len)[0] == "done"
    assert "changed this while you did" in sorted(outcomes, key=len)[1]
    assert saved(api.project).watch_s in (600, 700)


def test_the_tags_of_another_project_cannot_be_taken(admin: Client, api: Api) -> None:
    others = {"repository": api.project.repository, "tag_prefix": "front-", "slug": "front"}
    front = Project.objects.create(name="Front", folder="packages/front", **others)
    front.environments.create(kind="production")
    edited = f"/projects/{front.slug}/settings/"
    assert admin.post(edited, shown(front, tag_prefix="")).status_code == 422
    assert admin.post(edited, shown(front, name="Front page")).status_code == 302


def test_nothing_changes_under_a_running_operation(api: Api, ada: User, ben: User) -> None:
    execute(api.approved(ada, ben), ben)
    with pytest.raises(Refused, match="is under way"):
        edit(api.project, {"watch_s": Change("900", 600)}, by=Actor.person(ada))
    assert saved(api.project).watch_s == 900


def test_another_database_is_where_switches_are_written(admin: Client, api: Api) -> None:
    admin.post(URL, shown(api.project, app_database_url_name="APP_DATABASE_URL"))
    admin.post(URL, shown(saved(api.project), app_database_url_name="API_DATABASE_URL"))
    assert [target.url_name for target in Target.objects.all()] == ["API_DATABASE_URL"]


def test_the_folder_stays_once_the_history_was_read(admin: Client, api: Api) -> None:
    admin.post(URL, shown(api.project, folder="packages/front"))
    assert saved(api.project).folder == ""


def test_a_wrong_value_saves_nothing(admin: Client, api: Api) -> None:
    answer = admin.post(URL, shown(api.project, watch_s="600", default_branch="no branch"))
    assert answer.status_code == 422
    assert saved(api.project).watch_s == 900


def test_release_managers_read_and_test_and_do_not_change(api: Api, ada: User) -> None:
    browser = signed_in(ada)
    page = browser.get(URL).content.decode()
    assert "demo/api" in page
    assert "Save the settings" not in page
    assert "Nobody yet may change this" in page.replace("nobody yet", "Nobody yet")
    tested = browser.post(URL, {"test": "supabase", "repository": "other/one"})
    assert "No Supabase project is named." in tested.content.decode()
    assert "other/one" not in tested.content.decode()
    assert browser.post(URL, shown(api.project, watch_s="600")).status_code == 403
    assert saved(api.project).watch_s == 900
