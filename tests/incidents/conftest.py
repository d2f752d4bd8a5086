"""The project of the releases' tests, with its component on the status page."""

import pytest

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from flags import switches
from incidents.models import Component, Incident
from tests.releases.conftest import Api, api

__all__ = ["api"]


@pytest.fixture
def component(api: Api) -> Component:
    switches.ensure()
    return Component.objects.create(name="API", project=api.project)


@pytest.fixture
def incident(component: Component, cleo: User) -> Incident:
    return declare(component, cleo)


def declare(component: Component, by: User, **wish: str) -> Incident:
    asked = {"title": "Calls fail", "severity": "sev1", "text": "We look into it.", **wish}
    return Incident.declare(components=[component], by=Actor.person(by), **asked)
