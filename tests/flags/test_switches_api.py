"""The switches for programs."""

import json
from typing import Any

import pytest

from agentmesh_release.core.models import AuditEvent, User
from flags import switches
from flags.models import Confirmation, Switch, Target
from tests.programs import Program, problem_of, program

pytestmark = pytest.mark.django_db
API = "/switches/api_kill_switch"


@pytest.fixture
def robo(demo_world: None, cleo: User) -> Program:
    switches.ensure()
    return program(cleo, "flags:read", "switches:write")


def flipped(robo: Program, to: str, **told: Any) -> dict[str, Any]:
    answer = robo.post(API, {"to": to, "reason": "Errors.", **told})
    assert answer.status_code == 200, answer.content
    found: dict[str, Any] = json.loads(answer.content)
    return found


def test_all_three_are_told_in_their_order(robo: Program) -> None:
    told = json.loads(robo.get("/switches").content)
    assert [each["key"] for each in told] == [
        "api_kill_switch",
        "database_kill_switch",
        "maintenance_mode",
    ]
    assert {each["confirmed"] for each in told} == {None}


def test_off_is_one_request(robo: Program) -> None:
    told = flipped(robo, "off")
    assert (told["position"], told["statement"]) == ("off", "The API is off")
    assert Switch.objects.get(key="api_kill_switch").by == "Robo (Cleo's token)"
    assert AuditEvent.objects.get(verb="switch.off").actor_kind == "token"


def test_a_switch_is_confirmed_when_every_target_holds_it(robo: Program) -> None:
    switch = Switch.objects.get(key="api_kill_switch")
    target = Target.objects.create(name="app", url_name="APP_DATABASE_URL")
    Confirmation.objects.update_or_create(switch=switch, target=target, defaults={"agrees": False})
    told = {each["key"]: each for each in json.loads(robo.get("/switches").content)}
    assert told["api_kill_switch"]["confirmed"] is False


def test_on_again_asks_what_its_page_asks(robo: Program) -> None:
    flipped(robo, "off")
    refused = problem_of(robo.post(API, {"to": "on", "reason": "x"}), 422)
    assert refused["code"] == "not_mended"
    assert refused["detail"].startswith("Confirm this first (mended): what it was")
    assert flipped(robo, "on", mended=True)["position"] == "on"


@pytest.mark.parametrize("told", [{}, {"mended": True}])
def test_what_stands_there_already_is_refused(robo: Program, told: dict[str, bool]) -> None:
    refused = problem_of(robo.post(API, {"to": "on", "reason": "x", **told}), 409)
    assert refused["code"] == "already"


@pytest.mark.parametrize(
    "told", [{}, {"to": "sideways", "reason": "x"}, {"to": "off", "reason": " "}]
)
def test_where_to_and_why_have_to_be_said(robo: Program, told: dict[str, str]) -> None:
    problem_of(robo.post(API, told), 422)


def test_a_switch_that_is_none_is_not_found(robo: Program) -> None:
    problem_of(robo.post("/switches/everything", {"to": "off", "reason": "x"}), 404)
