"""The OpenAPI document: valid, complete, and true of what is answered."""

import json
import subprocess
import sys
from functools import cache
from typing import Any

import pytest
from django.test import Client, RequestFactory
from openapi_core import Config, OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse
from openapi_spec_validator import validate

from agentmesh_release.api import api, described
from agentmesh_release.core.models import User
from agentmesh_release.core.problems import MEDIA_TYPE
from agentmesh_release.core.rights import rights
from releases.workflows import WORKFLOWS
from tests.cast import signed_in
from tests.programs import ALL_RIGHTS, Program, program
from tests.releases.conftest import Api

from .operations import OPERATIONS, Operation


@cache
def document() -> Any:
    reading = Config(extra_media_type_deserializers={MEDIA_TYPE: json.loads})
    return OpenAPI.from_dict(described(), config=reading)


def test_it_is_valid() -> None:
    validate(described())


@pytest.mark.django_db
def test_everybody_may_read_it(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert json.loads(answer.content) == described()


def test_it_tells_of_every_address_there_is() -> None:
    there = {str(each.pattern) for each in api.urls[0] if each.name != "api-root"}  # type: ignore[union-attr]
    assert len(described()["paths"]) == len(there)


def test_every_operation_says_what_it_does_and_needs_a_right_that_exists() -> None:
    known = {right.name for right in rights}
    for methods in described()["paths"].values():
        for told in methods.values():
            assert told["description"].endswith(".")
            assert told["security"][0]["Bearer"][0] in known
            assert told["responses"]["default"]["content"].keys() == {MEDIA_TYPE}


@pytest.mark.django_db
@pytest.mark.parametrize("wrong", [False, True])
@pytest.mark.parametrize("operation", OPERATIONS, ids=[each.id for each in OPERATIONS])
def test_what_is_answered_is_what_it_says(
    api: Api, ada: User, operation: Operation, wrong: bool
) -> None:
    robo = Program("amr_wrong") if wrong else program(ada, *ALL_RIGHTS)
    answer = operation.ask(robo)
    asked = RequestFactory(headers={"Host": "localhost:8000"}).generic(
        operation.method, operation.url
    )
    document().validate_response(DjangoOpenAPIRequest(asked), DjangoOpenAPIResponse(answer))


@pytest.mark.django_db
def test_its_page_shows_every_operation_right_and_workflow(demo_world: None, sam: User) -> None:
    page = signed_in(sam).get("/api/").content.decode()
    for operation in OPERATIONS:
        assert f'id="{operation.id}"' in page
    assert all(right.name in page for right in rights)
    assert all(workflow.name in page for workflow in WORKFLOWS)
    assert "<script>" not in page
    assert "http://localhost:8000" in page


def test_a_worker_carries_nothing_of_it() -> None:
    asks = "import sys, agentmesh_release.celery; print({'pydantic', 'ninja'} & set(sys.modules))"
    said = subprocess.run([sys.executable, "-c", asks], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "set()"
