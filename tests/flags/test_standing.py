"""What other apps are told: standing, conditions, the cell of the overview, health."""

import pytest
from django.test import RequestFactory

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.registries import panels_of
from flags.conditions import abnormal
from flags.health import target_parts
from flags.models import Confirmation, Switch, Target
from flags.readings import read_target
from flags.standing import standing
from flags.writing import tell

from .conftest import URL_NAME, App

CLEO = Actor("person", "Cleo", 3)


def test_all_is_normal_at_first(api: Switch) -> None:
    assert standing().is_normal
    assert abnormal() == []


def test_what_is_off_stands_in_the_top_line(writes: Switch) -> None:
    writes.turn_off(by=CLEO, reason="Runs start twice.")
    assert standing().writes_are_off
    assert not standing().api_is_off
    [condition] = abnormal()
    assert (condition.word, condition.state, condition.place) == (
        "Database writes off",
        "off",
        "switches",
    )


def test_the_status_page_is_told_what_visitors_see(maintenance: Switch) -> None:
    assert standing().maintenance is None
    maintenance.save_message(by=CLEO, heading="Back at 15:00", message="An upgrade.", link="")
    maintenance.turn_off(by=CLEO, reason="Upgrade.")
    shown = standing().maintenance
    assert shown is not None
    assert (shown.heading, shown.message) == ("Back at 15:00", "An upgrade.")


def test_what_a_target_does_not_confirm_is_said_to_all(api: Switch) -> None:
    target = Target.objects.create(name="config_flags", url_name="X")
    Confirmation.objects.create(switch=api, target=target, error="It is away.")
    assert [condition.word for condition in abnormal()] == ["API on, not confirmed"]
    api.turn_off(by=CLEO, reason="5xx")
    Confirmation.objects.update(error="It is away.")
    assert [condition.word for condition in abnormal()] == ["API off, not confirmed"]


def test_the_overview_says_it_in_one_sentence(writes: Switch, rf: RequestFactory) -> None:
    writes.turn_off(by=CLEO, reason="Runs start twice.")
    panel = panels_of("overview").get("switches")(rf.get("/"), None)
    assert panel is not None
    assert panel.context["off"] == [writes]
    assert panel.context["resting"] == ["API on", "Maintenance page hidden"]


@pytest.mark.django_db(transaction=True)
def test_the_doctor_asks_every_target(app: App, target: Target, api: Switch) -> None:
    [part] = target_parts()
    assert (part.name, part.state) == ("config_flags of api", "passed")
    app.set(api.key, {"enabled": True})
    assert target_parts()[0].state == "failed"


@pytest.mark.django_db(transaction=True)
def test_the_doctor_names_what_mends_a_target(
    app: App, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(URL_NAME, "postgresql://app@127.0.0.1:1/app")
    [part] = target_parts()
    assert part.state == "failed"
    assert URL_NAME in part.mend


@pytest.mark.django_db(transaction=True)
def test_a_confirmed_flip_is_no_doubt(app: App, target: Target, api: Switch) -> None:
    read_target(URL_NAME)
    tell(api.turn_off(by=CLEO, reason="5xx"))
    assert [condition.word for condition in abnormal()] == ["API off"]
