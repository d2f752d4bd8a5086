"""The question before a flip, and the act: by people, with and without htmx."""

import pytest
from django.test import Client
from django.urls import reverse

from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.models.user import User
from flags.models import Flip, Switch, Target
from tests.cast import signed_in

from .conftest import URL_NAME, App

FLIP = "/switches/api_kill_switch/flip/"
OFF = {"to": "off", "reason": "Runs start twice."}
ON = {"to": "on", "reason": "Mended.", "mended": "on"}

pytestmark = pytest.mark.django_db


def test_it_states_the_consequence_and_asks_why(api: Switch, cleo: User) -> None:
    page = signed_in(cleo).get(FLIP).content.decode()
    assert "Turn the API off?" in page
    assert "Every API call in production gets 503" in page
    assert 'name="reason"' in page
    assert "required" in page
    assert "Leave it on" in page


@pytest.mark.django_db(transaction=True)
def test_cleo_turns_it_off_and_reads_the_proof(
    app: App, target: Target, api: Switch, cleo: User
) -> None:
    response = signed_in(cleo).post(FLIP, OFF, follow=True)
    assert response.redirect_chain == [(reverse("switches"), 302)]
    page = response.content.decode()
    assert "API off: confirmed by 1\N{NO-BREAK SPACE}target in" in page
    assert "The API is off" in page
    assert app.value("api_kill_switch") == {"enabled": True}


@pytest.mark.django_db(transaction=True)
def test_a_target_that_hangs_is_answered_within_two_seconds(
    app: App, target: Target, api: Switch, cleo: User, silence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, silence)
    page = signed_in(cleo).post(FLIP, OFF, follow=True).content.decode()
    assert "API off: not confirmed yet" in page
    assert "Confirmed by 0 of 1 target" in page


def test_without_a_target_nothing_is_called_confirmed(api: Switch, cleo: User) -> None:
    page = signed_in(cleo).post(FLIP, OFF, follow=True).content.decode()
    assert "no target is set up" in page
    assert "Confirmed by nobody" in page


def test_it_asks_again_without_a_reason(api: Switch, cleo: User) -> None:
    response = signed_in(cleo).post(FLIP, {"to": "off", "reason": "  "})
    assert response.status_code == 422
    assert "Say why in a few words" in response.content.decode()
    assert not Flip.objects.exists()


def test_turning_on_asks_for_the_tick(api: Switch, cleo: User) -> None:
    client = signed_in(cleo)
    client.post(FLIP, OFF)
    response = client.post(FLIP, {"to": "on", "reason": "Mended."})
    assert response.status_code == 422
    assert "Tick this first" in response.content.decode()
    assert client.post(FLIP, ON).status_code == 302
    api.refresh_from_db()
    assert not api.is_off


def test_an_old_page_cannot_turn_it_on_by_pressing_off(api: Switch, cleo: User, ada: User) -> None:
    signed_in(ada).post(FLIP, OFF)
    response = signed_in(cleo).post(FLIP, OFF)
    assert response.status_code == 409
    assert "The API is off already, by Ada" in response.content.decode()
    assert AuditEvent.objects.get(verb="refused").actor == "Cleo"


@pytest.mark.parametrize("to", ["", "half", "on off"])
def test_it_flips_nowhere_when_it_is_not_said_where_to(api: Switch, cleo: User, to: str) -> None:
    assert signed_in(cleo).post(FLIP, {"to": to, "reason": "5xx"}).status_code == 400
    assert not Flip.objects.exists()


def test_there_is_no_other_switch(api: Switch, cleo: User) -> None:
    assert signed_in(cleo).get("/switches/feature_x/flip/").status_code == 404


@pytest.mark.parametrize("fields", [OFF, ON])
def test_sam_reads_who_may_and_it_is_audited(
    api: Switch, sam: User, cleo: User, fields: dict[str, str]
) -> None:
    response = signed_in(sam).post(FLIP, fields)
    assert response.status_code == 403
    assert "Cleo may" in response.content.decode()
    refused = AuditEvent.objects.get(verb="refused")
    assert (refused.actor, refused.label) == ("Sam", FLIP)
    assert not Flip.objects.exists()


def test_mallory_may_nothing(api: Switch, mallory: User) -> None:
    assert signed_in(mallory).get(FLIP).status_code == 403
    assert signed_in(mallory).post(FLIP, OFF).status_code == 403


def test_a_role_in_one_project_is_not_enough_for_the_whole_world(api: Switch, sam: User) -> None:
    sam.memberships.update(role="on_call", scope="docs")
    assert signed_in(sam).post(FLIP, OFF).status_code == 403
    assert not Flip.objects.exists()


def test_a_stranger_is_sent_to_sign_in_and_may_not_post(api: Switch) -> None:
    response = Client().get(FLIP)
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("sign-in"))
    assert Client().post(FLIP, OFF).status_code == 403
    assert not Flip.objects.exists()


def test_it_needs_the_csrf_token(api: Switch, cleo: User) -> None:
    assert signed_in(cleo, checks_csrf=True).post(FLIP, OFF).status_code == 403
    assert not Flip.objects.exists()


def test_htmx_gets_the_same(api: Switch, cleo: User) -> None:
    response = signed_in(cleo).post(FLIP, OFF, headers={"HX-Request": "true"})
    assert response.status_code == 302
    api.refresh_from_db()
    assert api.is_off


@pytest.mark.parametrize("method", ["put", "patch", "delete"])
def test_other_methods_are_refused(api: Switch, cleo: User, method: str) -> None:
    assert getattr(signed_in(cleo), method)(FLIP).status_code == 405
