"""The public status page: what it says, and what it never says."""

import pytest
from django.test import Client
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from flags.models import Switch
from incidents.models import Component, Incident
from incidents.status import status

from .conftest import declare

pytestmark = pytest.mark.django_db(transaction=True)


def headline() -> str:
    return status(timezone.now()).headline


def test_all_is_well(component: Component) -> None:
    assert headline() == "Everything works"


@pytest.mark.parametrize(
    ("severity", "said"), [("sev1", "API does not work"), ("sev2", "API is degraded")]
)
def test_an_incident_hurts_its_component(
    component: Component, cleo: User, severity: str, said: str
) -> None:
    declare(component, cleo, severity=severity)
    assert headline() == said


def test_an_incident_without_component_is_not_passed_over(cleo: User, component: Component) -> None:
    Incident.declare(
        title="Mail is late", severity="sev2", components=[], text="We look.",
        by=Actor.person(cleo),
    )  # fmt: skip
    assert headline() == "Some parts are degraded"


@pytest.mark.parametrize(
    ("key", "said"),
    [("api_kill_switch", "The API is off"), ("database_kill_switch", "Saving is paused")],
)
def test_a_kill_switch_is_said(component: Component, key: str, said: str) -> None:
    Switch.objects.filter(key=key).update(state="off")
    assert headline() == said


def test_maintenance_is_said_in_its_own_words(component: Component) -> None:
    Switch.objects.filter(key="maintenance_mode").update(
        state="off", heading="We move house", message="Back at ten."
    )
    answer = Client().get("/status/").content.decode()
    assert "We move house" in answer
    assert "Back at ten." in answer


def test_it_names_nobody_and_shows_no_note(incident: Incident, cleo: User) -> None:
    incident.note(text="Ben's retries did it.", by=Actor.person(cleo))
    answer = Client().get("/status/").content.decode()
    assert "We look into it." in answer
    assert "Cleo" not in answer
    assert "retries" not in answer


def test_resolved_incidents_stay_readable(incident: Incident, cleo: User) -> None:
    incident.update(state="resolved", text="Over.", by=Actor.person(cleo), now=timezone.now())
    shown = status(timezone.now())
    assert (shown.headline, shown.past) == ("Everything works", [incident])
