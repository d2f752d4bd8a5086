"""As a GitHub App in the sandbox, which checks the signature: tokens, and check runs."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from agentmesh_release.providers import github
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Feedback, GitHub, Installed, Outcome
from tests.providers.sandboxed.conftest import PATIENT, fault
from tests.sandbox.apps import App
from tests.sandbox.conftest import Registered

WAITING = Feedback("agentmesh/trunk-rules", "pending", "Not approved", "- Ask", "https://us/1")


@pytest.fixture
def app(project: Registered) -> App:
    return App(project.sandbox)


@pytest.fixture
def client(app: App, project: Registered) -> GitHub:
    url = f"{project.sandbox.url}/github"
    signed = github.App(url, str(app.id), app.pem, timeouts=PATIENT)
    return GitHub(url, Installed(signed, project.facts["repository"]), timeouts=PATIENT)


def runs(client: GitHub, project: Registered) -> list[Any]:
    found = client.checks.runs(project.facts["repository"], project.facts["head"])
    return [run for run in found if run.name == WAITING.name]


def test_a_token_that_ended_is_renewed_in_the_middle_of_it(
    app: App, client: GitHub, project: Registered
) -> None:
    repo = project.facts["repository"]
    client.repositories.get(repo)
    app.sandbox.act("app/tokens/end")
    assert client.repositories.get(repo).full_name == repo


@pytest.mark.parametrize(
    ("state", "said"), [("suspended", "has been suspended"), ("removed", "is not installed for")]
)
def test_who_was_thrown_out_is_told_so(
    app: App, client: GitHub, project: Registered, state: str, said: str
) -> None:
    client.repositories.get(project.facts["repository"])
    app.be(state)
    with pytest.raises(ProviderError, match=said) as caught:
        client.repositories.get(project.facts["repository"])
    assert caught.value.permanent


@pytest.mark.parametrize("kind", ["late", "drop", "502"])
def test_feedback_whose_answer_is_lost_is_one_check_run(
    client: GitHub, project: Registered, kind: str
) -> None:
    repo, head = project.facts["repository"], project.facts["head"]
    client.repositories.get(repo)
    path = f"/repos/{repo}/check-runs"
    fault(project, "github", kind, method="post", path=path, times=1)
    with pytest.raises(ProviderError):
        client.feedback.ensure(repo, head, WAITING)
    client.feedback.ensure(repo, head, WAITING)
    client.feedback.ensure(repo, head, WAITING)
    assert len(project.journal(kind="check_run_created")) == 1


def test_a_check_run_follows_what_is_said(client: GitHub, project: Registered) -> None:
    repo, head = project.facts["repository"], project.facts["head"]
    client.feedback.ensure(repo, head, WAITING)
    assert [run.outcome for run in runs(client, project)] == [Outcome.PENDING]
    client.feedback.ensure(repo, head, replace(WAITING, state="passed", title="All are met"))
    assert [run.outcome for run in runs(client, project)] == [Outcome.PASSED]
    client.feedback.ensure(repo, head, WAITING)
    assert [run.outcome for run in runs(client, project)] == [Outcome.PENDING]
