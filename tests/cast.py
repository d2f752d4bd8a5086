"""The same people in every test, and the demo world that they live in."""

from collections.abc import Iterator

import pytest
from django.test import Client

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Role, User, World
from agentmesh_release.core.people import invite
from agentmesh_release.core.world import forget_world

SETUP = Actor.system("setup")


@pytest.fixture(autouse=True)
def _worlds_come_and_go() -> Iterator[None]:
    forget_world()
    yield
    forget_world()


@pytest.fixture
def demo_world(db: None) -> World:
    return World.objects.create(id=1, kind="demo", name="AgentMesh Cloud")


@pytest.fixture
def ada(db: None) -> User:
    return invite("ada", "Ada", Role.RELEASE_MANAGER, by=SETUP)


@pytest.fixture
def ben(db: None) -> User:
    return invite("ben", "Ben", Role.RELEASE_MANAGER, by=SETUP)


@pytest.fixture
def cleo(db: None) -> User:
    return invite("cleo", "Cleo", Role.ON_CALL, by=SETUP)


@pytest.fixture
def sam(db: None) -> User:
    return invite("sam", "Sam", Role.STAKEHOLDER, by=SETUP)


@pytest.fixture
def mallory(db: None) -> User:
    return User.objects.create_user("mallory", first_name="Mallory")


def signed_in(person: User, *, checks_csrf: bool = False) -> Client:
    """A browser of that person."""
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(person)
    return client
