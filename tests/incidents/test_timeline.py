"""What happens elsewhere lands on the timeline of an open incident, once."""

import pytest
from django.utils import timezone

from agentmesh_release.core import events
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Event, Reaction, User
from incidents.models import Incident
from releases.models import Rollback
from tests.releases.conftest import Api
from tests.releases.test_rollback import go_live

pytestmark = pytest.mark.django_db(transaction=True)


def react_to_all() -> None:
    for reaction in Reaction.objects.filter(state="due"):
        events.react(reaction.pk)


def flip(by: str = "Cleo") -> Event:
    return events.publish(
        "switch.flipped",
        {"key": "api_kill_switch", "label": "API off", "by": by, "reason": "Runs start twice."},
    )


def texts(incident: Incident) -> list[str]:
    return list(incident.entries.filter(kind="happened").values_list("text", flat=True))


def test_a_flip_lands_on_it(incident: Incident) -> None:
    flip()
    react_to_all()
    assert texts(incident) == ["Cleo: API off. “Runs start twice.”"]


def test_it_lands_once_however_often_it_is_tried(incident: Incident) -> None:
    flip()
    react_to_all()
    Reaction.objects.update(state="due")
    react_to_all()
    assert len(texts(incident)) == 1


def test_a_rollback_lands_on_it(incident: Incident, api: Api, cleo: User) -> None:
    go_live(api)
    Rollback.start(
        api.old, api.production, by=Actor.person(cleo), reason="errors", now=timezone.now()
    )
    react_to_all()
    assert "Cleo rolls api back to v1.0.0. “errors”" in texts(incident)


def test_what_happened_before_it_was_declared_does_not(incident: Incident) -> None:
    event = flip()
    Incident.objects.update(opened_at=timezone.now())
    Event.objects.filter(pk=event.pk).update(at="2020-01-01T00:00Z")
    react_to_all()
    assert texts(incident) == []


def test_a_resolved_incident_is_left_alone(incident: Incident, cleo: User) -> None:
    incident.update(state="resolved", text="Over.", by=Actor.person(cleo), now=timezone.now())
    flip()
    react_to_all()
    assert texts(incident) == []
