"""FACTS 1.1: an App signs who it is, and is given a token for an hour."""

import time
from typing import Any

import pytest

from .apps import App
from .conftest import Registered


@pytest.fixture
def app(shown: Registered) -> App:
    return App(shown.sandbox)


def found(app: App, shown: Registered, **claims: Any) -> Any:
    headers = app.signature(**claims)
    return app.sandbox.ask("GET", f"{shown.github}/installation", headers=headers)


def test_1_1_an_app_finds_where_it_is_installed_and_is_given_a_token(
    app: App, shown: Registered
) -> None:
    repository = shown.facts["repository"]
    answer = app.sandbox.ask("GET", shown.github, headers=app.token(repository))
    assert answer.status == 200


@pytest.mark.parametrize(
    "claims", [{"exp": 1}, {"exp": int(time.time()) + 3600}, {"iss": "1"}, {"iss": "x"}]
)
def test_1_1_a_signature_that_does_not_hold_is_401(
    app: App, shown: Registered, claims: dict[str, Any]
) -> None:
    assert found(app, shown, **claims).status == 401


def test_1_1_a_persons_token_signs_nothing(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", f"{shown.github}/installation").status == 401


def test_1_1_a_token_that_ended_is_401(app: App, shown: Registered) -> None:
    headers = app.token(shown.facts["repository"])
    app.sandbox.act("app/tokens/end")
    assert app.sandbox.ask("GET", shown.github, headers=headers).status == 401


@pytest.mark.parametrize(("state", "status"), [("suspended", 403), ("removed", 404)])
def test_1_1_who_is_not_installed_any_more_gets_no_token(
    app: App, shown: Registered, state: str, status: int
) -> None:
    number = app.installation(shown.facts["repository"])
    headers = app.token(shown.facts["repository"])
    app.be(state)
    path = f"/github/app/installations/{number}/access_tokens"
    assert app.sandbox.ask("POST", path, {}, headers=app.signature()).status == status
    assert app.sandbox.ask("GET", shown.github, headers=headers).status == 401


def test_1_5_only_an_app_may_create_check_runs(project: Registered) -> None:
    app = App(project.sandbox)
    body = {"name": "gate", "head_sha": project.facts["head"], "conclusion": "success"}
    path = f"{project.github}/check-runs"
    assert project.sandbox.ask("POST", path, body).status == 403
    made = project.sandbox.ask("POST", path, body, headers=app.token(project.facts["repository"]))
    assert made.body["app"]["id"] == app.id
