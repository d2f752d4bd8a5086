"""Incidents: declared, updated, noted, resolved."""

import pytest
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, User
from agentmesh_release.core.refusals import Refused
from incidents.models import Component, Incident
from tests.at_once import at_once

from .conftest import declare

pytestmark = pytest.mark.django_db(transaction=True)


def test_declaring_publishes_the_first_update(incident: Incident) -> None:
    assert (incident.name, incident.is_open) == ("INC-1", True)
    first = incident.entries.get()
    assert (first.kind, first.state, first.text) == ("update", "investigating", "We look into it.")
    assert AuditEvent.objects.filter(verb="incident.declare", actor="Cleo").exists()


@pytest.mark.parametrize(
    ("wish", "code"),
    [({"title": ""}, "no_title"), ({"severity": "sev9"}, "no_severity"), ({"text": ""}, "no_text")],
)
def test_it_refuses_what_says_too_little(
    component: Component, cleo: User, wish: dict[str, str], code: str
) -> None:
    with pytest.raises(Refused) as refusal:
        declare(component, cleo, **wish)
    assert refusal.value.code == code
    assert not Incident.objects.exists()


def test_two_declared_at_once_get_two_numbers(component: Component, ada: User, cleo: User) -> None:
    ends = at_once(lambda: declare(component, ada), lambda: declare(component, cleo))
    assert ends == ["done", "done"]
    assert sorted(Incident.objects.values_list("number", flat=True)) == [1, 2]


def test_an_update_moves_it_on(incident: Incident, cleo: User) -> None:
    update(incident, cleo, "identified", "A change of 14:20.")
    assert incident.state == "identified"
    assert incident.entries.first().text == "A change of 14:20."  # type: ignore[union-attr]


def test_resolving_stamps_it_and_closes_it(incident: Incident, cleo: User) -> None:
    update(incident, cleo, "resolved", "It works again.")
    assert incident.resolved_at is not None
    assert not Incident.objects.open().exists()
    with pytest.raises(Refused, match="resolved by now"):
        update(incident, cleo, "monitoring", "Once more.")


def test_an_update_needs_words_and_a_known_state(incident: Incident, cleo: User) -> None:
    for state, text in (("identified", ""), ("finished", "Done.")):
        with pytest.raises(Refused):
            update(incident, cleo, state, text)
    assert incident.entries.count() == 1


def test_a_note_is_on_the_timeline_only(incident: Incident, cleo: User) -> None:
    incident.note(text="The client retries.", by=Actor.person(cleo))
    assert incident.entries.filter(kind="note", by="Cleo").count() == 1
    assert incident.state == "investigating"


def update(incident: Incident, by: User, state: str, text: str) -> None:
    incident.update(state=state, text=text, by=Actor.person(by), now=timezone.now())
