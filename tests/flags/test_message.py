"""The message of maintenance mode."""

import pytest
from django.test import Client

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.models.user import User
from agentmesh_release.core.refusals import Refused
from flags.models import Flip, Switch, Target
from flags.writing import tell
from tests.cast import signed_in

from .conftest import App

PAGE = "/switches/maintenance-message/"
TEXT = {"heading": "Back at 15:00", "message": "An upgrade.", "link": "https://status.example.com"}
ADA = Actor("person", "Ada", 1)

pytestmark = pytest.mark.django_db


def test_saving_does_not_show_it(maintenance: Switch, cleo: User) -> None:
    response = signed_in(cleo).post(PAGE, TEXT, follow=True)
    assert "It is not shown to anybody now." in response.content.decode()
    maintenance.refresh_from_db()
    assert (maintenance.heading, maintenance.message_by) == ("Back at 15:00", "Cleo")
    assert not Flip.objects.exists()
    assert AuditEvent.objects.filter(verb="switch.message", actor="Cleo").exists()


@pytest.mark.django_db(transaction=True)
def test_while_it_is_shown_it_goes_to_the_targets_at_once(
    app: App, target: Target, maintenance: Switch, cleo: User
) -> None:
    tell(maintenance.turn_off(by=ADA, reason="Upgrade."))
    signed_in(cleo).post(PAGE, TEXT)
    assert app.value("maintenance_mode") == {"enabled": True, **TEXT}
    newest = Flip.objects.latest("id")
    assert (newest.label, newest.by) == ("Maintenance message changed", "Cleo")
    assert newest.confirmed_at is not None


@pytest.mark.parametrize(
    ("field", "text"),
    [("heading", " "), ("message", ""), ("link", "javascript:alert(1)"), ("heading", "x" * 121)],
)
def test_what_cannot_be_shown_is_said_beside_the_field(
    maintenance: Switch, cleo: User, field: str, text: str
) -> None:
    response = signed_in(cleo).post(PAGE, {**TEXT, field: text})
    assert response.status_code == 422
    assert f'id="id_{field}_refusal"' in response.content.decode()
    maintenance.refresh_from_db()
    assert maintenance.message_number == 0


def test_the_second_of_two_reads_what_the_first_saved(
    maintenance: Switch, cleo: User, ada: User
) -> None:
    signed_in(ada).post(PAGE, {**TEXT, "seen": 0})
    response = signed_in(cleo).post(PAGE, {**TEXT, "heading": "Mine", "seen": 0})
    assert response.status_code == 409
    assert "Ada saved another message meanwhile" in response.content.decode()
    maintenance.refresh_from_db()
    assert maintenance.heading == "Back at 15:00"


def test_kill_switches_have_no_message(api: Switch) -> None:
    with pytest.raises(Refused, match="Only maintenance mode"):
        api.save_message(by=ADA, heading="a", message="b", link="")


def test_sam_and_strangers_may_not_write_it(maintenance: Switch, sam: User, cleo: User) -> None:
    response = signed_in(sam).post(PAGE, TEXT)
    assert response.status_code == 403
    assert "Cleo may" in response.content.decode()
    assert Client().post(PAGE, TEXT).status_code == 403
    maintenance.refresh_from_db()
    assert maintenance.message_number == 0


def test_it_is_only_posted_to(maintenance: Switch, cleo: User) -> None:
    assert signed_in(cleo).get(PAGE).status_code == 405


def test_htmx_gets_the_same(maintenance: Switch, cleo: User) -> None:
    headers = {"HX-Request": "true"}
    assert signed_in(cleo).post(PAGE, TEXT, headers=headers).status_code == 302


def test_hostile_text_is_shown_as_text(maintenance: Switch, cleo: User) -> None:
    response = signed_in(cleo).post(
        PAGE, {**TEXT, "message": "<script>alert(1)</script>"}, follow=True
    )
    page = response.content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
