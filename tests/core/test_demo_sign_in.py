"""Signing in with one click: in the demo world, on this very machine, and nowhere else."""

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from agentmesh_release.core.models import AuditEvent, User, World

pytestmark = pytest.mark.django_db


def enter(client: Client, who: str = "ada", **headers: str) -> HttpResponse:
    answer = client.post(
        reverse("demo-sign-in", args=[who]), headers={"Host": "localhost", **headers}
    )
    assert isinstance(answer, HttpResponse)
    return answer


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_ada_signs_in(client: Client, demo_world: World, ada: User) -> None:
    assert enter(client)["Location"] == "/"
    assert is_signed_in(client)
    assert AuditEvent.objects.filter(verb="sign_in", actor="Ada").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "testserver"},
        {"X-Forwarded-For": "127.0.0.1"},
        {"X-Forwarded-Host": "localhost"},
        {"Forwarded": "for=127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Real-IP": "127.0.0.1"},
    ],
)
def test_through_a_proxy_or_by_another_name_nobody_does(
    client: Client, demo_world: World, ada: User, headers: dict[str, str]
) -> None:
    answer = enter(client, **headers)
    assert answer.status_code == 403
    assert "on the machine it runs on" in answer.content.decode()
    assert not is_signed_in(client)


def test_from_another_machine_nobody_does(demo_world: World, ada: User) -> None:
    far = Client(REMOTE_ADDR="192.0.2.7")
    assert enter(far).status_code == 403


def test_a_hop_that_the_router_saw_counts_though_its_header_is_gone(
    demo_world: World, ada: User
) -> None:
    behind = Client(**{"agentmesh.forwarded": True})  # type: ignore[arg-type]
    assert enter(behind).status_code == 403


def test_in_a_real_world_nobody_does(client: Client, ada: User) -> None:
    World.objects.create(id=1, kind="real", name="AgentMesh Cloud")
    assert enter(client).status_code == 403


def test_it_needs_the_token_of_its_form(demo_world: World, ada: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert enter(strict).status_code == 403
    assert not is_signed_in(strict)


def test_it_is_not_for_people_who_are_not_of_the_demo(
    client: Client, demo_world: World, mallory: User
) -> None:
    assert enter(client, "nobody").status_code == 403


def test_a_link_cannot_do_it(client: Client, demo_world: World, ada: User) -> None:
    path = reverse("demo-sign-in", args=["ada"])
    assert client.get(path, headers={"Host": "localhost"}).status_code == 405
