"""An archived project is put away whole: not read, not shown, nothing goes out, nothing is lost."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Poll, User, World
from agentmesh_release.core.refusals import Refused
from flags import switches, targets
from flags.models import Switch, Target
from releases import polling
from releases.drafting import cutting
from releases.models import Project, Promotion
from releases.projects import archiving
from tests.releases.conftest import Api, api, execute
from tests.releases.imports import imported
from tests.releases.repositories import Drawing

__all__ = ["api"]


def put_away(api: Api, by: User) -> None:
    archiving.archive(api.project, by=Actor.person(by), reason="merged", now=timezone.now())
    api.project.refresh_from_db()


def test_it_is_neither_read_nor_on_the_overview(api: Api, admin: Client, dana: User) -> None:
    polling.ensure(api.project)
    put_away(api, dana)
    assert not Poll.objects.filter(scope="api").exists()
    assert "demo/api" not in admin.get("/").content.decode()
    polling.ensure(api.project)
    assert not Poll.objects.filter(scope="api").exists()


def test_its_history_stays_readable(api: Api, admin: Client, dana: User) -> None:
    put_away(api, dana)
    assert admin.get("/projects/api/releases/1.1.0/").status_code == 200
    assert "v1.1.0" in admin.get("/releases/").content.decode()
    assert "It is archived." in admin.get("/projects/api/settings/").content.decode()


def test_what_was_asked_for_is_withdrawn(api: Api, ada: User, dana: User) -> None:
    promotion = api.ask(ada)
    put_away(api, dana)
    promotion.refresh_from_db()
    assert promotion.state == Promotion.State.WITHDRAWN
    assert "was archived: merged" in promotion.outcome


def test_nothing_new_goes_out(api: Api, ada: User, dana: User) -> None:
    put_away(api, dana)
    with pytest.raises(Refused, match="api is archived, so nothing new goes out"):
        api.ask(ada)
    with pytest.raises(Refused, match="archived"):
        cutting.cut(
            api.project, by=Actor.person(ada), head_sha="b" * 40, reason="x", now=timezone.now()
        )


def test_a_running_operation_is_waited_for(api: Api, ada: User, ben: User, dana: User) -> None:
    execute(api.approved(ada, ben), ben)
    with pytest.raises(Refused, match="is under way"):
        put_away(api, dana)
    assert not Project.objects.get(pk=api.project.pk).is_archived


def test_switches_reach_its_database_no_longer_unless_one_is_off(api: Api, dana: User) -> None:
    Project.objects.filter(pk=api.project.pk).update(app_database_url_name="APP_DATABASE_URL")
    switches.ensure()
    targets.ensure("api", "App database", "APP_DATABASE_URL")
    Switch.objects.all()[0].turn_off(by=Actor.person(dana), reason="errors")
    with pytest.raises(Refused, match="turn it back on"):
        put_away(api, dana)
    assert Target.objects.exists()
    Switch.objects.all()[0].turn_on(by=Actor.person(dana), reason="well", mended=True)
    put_away(api, dana)
    assert not Target.objects.exists()


def test_restoring_takes_it_up_again(api: Api, admin: Client, dana: User) -> None:
    put_away(api, dana)
    admin.post("/projects/api/settings/archive/", {"reason": "back", "to": "active"})
    assert Poll.objects.filter(scope="api").exists()
    assert "demo/api" in admin.get("/").content.decode()
    verbs = AuditEvent.objects.filter(subject=f"project:{api.project.pk}")
    assert {event.verb for event in verbs} == {"project.archive", "project.restore"}


def test_twice_is_said(api: Api, dana: User) -> None:
    put_away(api, dana)
    with pytest.raises(Refused, match="Dana has archived api already"):
        put_away(api, dana)
    archiving.restore(api.project, by=Actor.person(dana), reason="back")
    with pytest.raises(Refused, match="not archived any more"):
        archiving.restore(api.project, by=Actor.person(dana), reason="back")


def test_importing_it_again_does_not_take_it_up(db: None, dana: User, tmp_path: Path) -> None:
    World.objects.create(id=1, kind="real", name="Acme")
    drawing = Drawing(tmp_path / "acme")
    drawing.commit("feat: a")
    path = drawing.make()
    project = imported(path).project
    Project.objects.filter(pk=project.pk).update(app_database_url_name="APP_DATABASE_URL")
    archiving.archive(project, by=Actor.person(dana), reason="done", now=timezone.now())
    assert imported(path).project.is_archived
    assert not Poll.objects.filter(scope=project.slug).exists()
    assert not Target.objects.exists()
