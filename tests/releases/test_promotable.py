"""May this go out? As a program asks it."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agentmesh_release.core.models import User
from tests.programs import Program, problem_of, program
from tests.releases.conftest import Api, execute

pytestmark = pytest.mark.django_db


@pytest.fixture
def robo(api: Api, ada: User) -> Program:
    return program(ada, "promotable:read")


def asked(robo: Program, release: str = "") -> dict[str, Any]:
    answer = robo.get("/projects/api/promotable", **({"release": release} if release else {}))
    assert answer.status_code == 200
    told: dict[str, Any] = json.loads(answer.content)
    return told


def test_it_may_once_every_gate_is_clear(robo: Program, api: Api, ada: User, ben: User) -> None:
    api.approved(ada, ben)
    told = asked(robo)
    assert told["promotable"] is True
    assert told["sentence"] == "Every gate is clear."
    assert told["release"]["version"] == "1.1.0"
    assert {item["state"] for item in told["checklist"]} == {"passed"}


def test_what_blocks_is_said_with_its_way_and_evidence(robo: Program, api: Api, ada: User) -> None:
    api.ask(ada)
    api.ci("failed")
    told = asked(robo)
    by_gate = {item["gate"]: item for item in told["checklist"]}
    assert told["promotable"] is False
    assert "gates block this. CI checks: Failed" in told["sentence"]
    assert by_gate["ci"]["state"] == "failed"
    assert by_gate["approvals"]["state"] == "pending"
    page = "http://localhost:8000/projects/api/releases/1.1.0/"
    assert by_gate["approvals"]["evidence_url"] == f"{page}#approvals"


def test_what_nobody_asked_for_may_not(robo: Program, api: Api) -> None:
    told = asked(robo)
    assert (told["promotable"], told["promotion"], told["checklist"]) == (False, "", [])
    assert told["sentence"] == "Nobody has asked for its promotion."


def test_what_is_under_way_already_may_not(robo: Program, api: Api, ada: User, ben: User) -> None:
    execute(api.approved(ada, ben), ben)
    told = asked(robo)
    assert (told["promotable"], told["promotion"]) == (False, "running")
    assert told["sentence"] == "Its promotion is being promoted already."


@pytest.mark.parametrize("name", ["1.0.0", "v1.0.0"])
def test_a_release_is_named_by_version_or_tag(robo: Program, api: Api, name: str) -> None:
    assert asked(robo, name)["release"]["tag"] == "v1.0.0"


def test_a_release_that_is_none_is_not_found(robo: Program, api: Api) -> None:
    problem_of(robo.get("/projects/api/promotable", release="9.9.9"), 404)


def test_it_asks_a_known_number_of_queries(robo: Program, api: Api, ada: User, ben: User) -> None:
    api.approved(ada, ben)
    with CaptureQueriesContext(connection) as queries:
        asked(robo)
    assert len(queries) <= 20, [query["sql"] for query in queries]
