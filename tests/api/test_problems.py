"""Everything that goes wrong is a problem (RFC 9457), whoever notices it."""

import json

import pytest
from django.test import Client

from agentmesh_release.core.models import User
from releases.models import Release
from tests.programs import Program, problem_of, program
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db
CUT = "/projects/api/releases"


@pytest.fixture
def robo(api: Api, ada: User) -> Program:
    return program(ada)


def test_an_address_that_is_none(client: Client) -> None:
    problem_of(client.get("/api/v1/nowhere"), 404)


def test_a_project_that_is_none(robo: Program) -> None:
    problem_of(robo.get("/projects/nowhere/promotable"), 404)


def test_a_method_that_is_none(robo: Program) -> None:
    answer = robo.client.delete(f"/api/v1{CUT}")
    assert problem_of(answer, 405)["code"] == "method_not_allowed"
    assert answer["Allow"] == "POST"


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b"\x00",
        b"[" * 20_000,
        b'{"a":' * 2_000 + b"1" + b"}" * 2_000,
        b'{"reason": "\\u0000"}',
        b'{"reason": "\\ud800"}',
    ],
)
def test_a_body_that_is_no_plain_json(robo: Program, body: bytes) -> None:
    problem_of(robo.post(CUT, body), 400)


def test_a_body_of_another_type(robo: Program) -> None:
    answer = robo.client.post(f"/api/v1{CUT}", "bump=major", content_type="text/plain")
    assert problem_of(answer, 415)["code"] == "not_json"


def test_a_body_that_is_too_large(robo: Program) -> None:
    assert problem_of(robo.post(CUT, b" " * 64_001), 413)["code"] == "too_large"


def test_what_does_not_fit_is_named_and_not_repeated(robo: Program) -> None:
    told = problem_of(robo.post(CUT, {"bump": "<script>", "head_sha": "abc"}), 422)
    assert {each["where"] for each in told["errors"]} == {"body.bump", "body.head_sha"}
    assert "script" not in json.dumps(told)


def test_a_refusal_of_the_domain_keeps_its_code_and_sentence(robo: Program, api: Api) -> None:
    told = problem_of(robo.post(CUT, {"head_sha": "c" * 40}), 409)
    assert told["code"] == "commit_not_read"
    assert Release.objects.count() == 2


@pytest.mark.parametrize("path", ["/switches?a=%00", "/projects/%00/promotable"])
def test_a_null_character(robo: Program, path: str) -> None:
    problem_of(robo.client.get(f"/api/v1{path}"), 400)
