"""An incident makes the change before it a failed one, until it is resolved."""

from datetime import timedelta

import pytest
from django.utils import timezone

from agentmesh_release.core import events
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Reaction, User
from incidents.models import Component
from releases.models import Activation, Delivery
from tests.incidents.conftest import declare
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db


def derived() -> Delivery:
    for reaction in Reaction.objects.filter(state="due"):
        events.react(reaction.pk)
    return Delivery.objects.get()


@pytest.fixture
def change(api: Api) -> Activation:
    before = timezone.now() - timedelta(days=2)
    Activation.objects.update(since=before, until=timezone.now() - timedelta(minutes=20))
    return Activation.objects.create(
        environment=api.production, release=api.new, vercel_id="x", origin="promotion",
        since=timezone.now() - timedelta(minutes=20),
    )  # fmt: skip


def test_it_failed_when_an_incident_began_and_is_restored_with_it(
    change: Activation, component: Component, cleo: User
) -> None:
    incident = declare(component, cleo)
    delivery = derived()
    assert (delivery.failed_by, delivery.cause) == ("incident", "INC-1")
    assert delivery.cause_url == "/incidents/1/"
    assert delivery.restored_at is None
    end = timezone.now() + timedelta(minutes=5)
    incident.update(state="resolved", text="It works.", by=Actor.person(cleo), now=end)
    assert derived().restored_at == end


def test_an_incident_elsewhere_is_not_blamed_on_it(
    change: Activation, component: Component, cleo: User
) -> None:
    declare(Component.objects.create(name="Docs"), cleo)
    declare(component, cleo)
    assert derived().cause == "INC-2"
