"""The switches page: always in the same place, for everybody who may read."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models.user import User
from flags import targets
from flags.catalogue import ORDER, WORDINGS
from flags.models import Switch, Target
from flags.readings import read_target
from flags.writing import tell
from tests.cast import signed_in

from .conftest import URL_NAME, App

CLEO = Actor("person", "Cleo", 3)

pytestmark = pytest.mark.django_db


def test_the_three_stand_in_their_order_whatever_happens(maintenance: Switch, cleo: User) -> None:
    maintenance.turn_off(by=CLEO, reason="Upgrade.")
    page = signed_in(cleo).get("/switches/").content.decode()
    places = [page.index(WORDINGS[key].name) for key in ORDER]
    assert places == sorted(places)


def test_sam_sees_and_cannot_act(api: Switch, sam: User, ada: User, cleo: User) -> None:
    page = signed_in(sam).get("/switches/").content.decode()
    assert page.count('aria-disabled="true"') == 4
    assert "Ada or Cleo may." in page
    assert "/flip/" not in page


def test_mallory_and_strangers_do_not_see_it(api: Switch, mallory: User) -> None:
    assert signed_in(mallory).get("/switches/").status_code == 403
    assert Client().get("/switches/").status_code == 302


def test_it_is_never_posted_to(api: Switch, cleo: User) -> None:
    assert signed_in(cleo).post("/switches/").status_code == 405


def test_htmx_asks_for_the_board_alone(api: Switch, cleo: User) -> None:
    headers = {"HX-Request": "true", "HX-Target": "switchboard"}
    page = signed_in(cleo).get("/switches/", headers=headers).content.decode()
    assert page.strip().startswith('<div class="switchboard" id="switchboard"')
    assert "<h1>" not in page


@pytest.mark.django_db(transaction=True)
def test_it_says_what_each_target_confirms(
    app: App, target: Target, writes: Switch, cleo: User
) -> None:
    read_target(URL_NAME)
    tell(writes.turn_off(by=CLEO, reason="Runs start <b>twice</b>."))
    page = signed_in(cleo).get("/switches/").content.decode()
    assert "Writes are off" in page
    assert page.count("Confirmed by 1 of 1 target") == 3
    assert "Runs start &lt;b&gt;twice&lt;/b&gt;." in page


@pytest.mark.django_db(transaction=True)
def test_it_claims_no_more_than_the_targets_say(
    app: App, target: Target, api: Switch, cleo: User
) -> None:
    client = signed_in(cleo)
    api.turn_off(by=CLEO, reason="5xx")
    assert "Turning the API off" in client.get("/switches/").content.decode()
    target.confirmations.update(error="It is away.")
    page = client.get("/switches/").content.decode()
    assert "The API should be off" in page
    assert "The API is off" not in page


def test_it_takes_few_queries(
    api: Switch, cleo: User, sam: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(5):
        targets.ensure("", f"config_flags {number}", f"URL_{number}")
    for number in range(6):
        api.turn_off(by=CLEO, reason=f"Drill {number}.")
        api.turn_on(by=CLEO, reason="Drill finished.", mended=True)
    for person in (cleo, sam):
        client = signed_in(person)
        with django_assert_max_num_queries(12):
            client.get("/switches/")
