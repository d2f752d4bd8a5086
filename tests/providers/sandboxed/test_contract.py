"""Clients and sandbox, each against the vendors' own documents, over the whole of what we use."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentmesh_release.providers.github import GitHub, NewRelease
from agentmesh_release.providers.vercel import Vercel
from tests.providers.conftest import QUICK, TOKEN
from tests.providers.contracts import Contract
from tests.providers.relay import Relay
from tests.providers.stub import Stub
from tests.sandbox.conftest import Registered

pytestmark = pytest.mark.contracts


@pytest.fixture
def relay(stub: Stub, project: Registered) -> Relay:
    """A relay to the sandbox at the stub's address."""
    stub.otherwise = Relay(project.sandbox.url)
    return stub.otherwise


def judge(contract: Contract, relay: Relay, prefix: str) -> None:
    """Every exchange, by the contract; all that is wrong at once."""
    assert relay.exchanges
    wrong: dict[str, str] = {}
    for seen, status, data in relay.exchanges:
        try:
            operation = contract.check_request(seen, prefix)
            contract.check_response(operation, status, data)
        except AssertionError as error:
            wrong[f"{seen.method} {seen.raw_path} {status}"] = str(error)
    assert not wrong, "\n".join(f"{call}: {what}" for call, what in wrong.items())


def test_github(stub: Stub, relay: Relay, project: Registered, contracts: Path) -> None:
    github = GitHub(f"{stub.url}/github", TOKEN, timeouts=QUICK)
    repo, head = project.facts["repository"], project.facts["head"]
    number = project.act("pulls", subject="a change")["number"]
    project.act("pulls/approve", number=number)
    github.rate_limit()
    github.repositories.get(repo)
    github.repositories.branch(repo, "main")
    commits = list(github.commits.on_branch(repo, "main"))
    github.commits.between(repo, commits[-1].sha, head)
    github.commits.distance(repo, commits[-1].sha, head)
    github.contents.directory(repo, "", head)
    github.contents.file(repo, "README.md", head)
    github.pulls.get(repo, number)
    assert [one.number for one in github.pulls.open(repo)] == [number]
    assert github.pulls.reviews(repo, number).approved_by()
    github.pulls.commits(repo, number)
    for one in commits:
        github.pulls.for_commit(repo, one.sha)
    github.checks.summary(repo, head)
    github.protection.read(repo, "main")
    list(github.tags.all(repo))
    github.tags.ensure(repo, "v9.0.0", head, "AgentMesh 9.0.0")
    new = NewRelease("v9.0.0", head, "v9.0.0", "## Features")
    made = github.releases.draft(repo, new)
    github.releases.edit(repo, made.id, new)
    list(github.releases.all(repo))
    github.releases.latest(repo)
    judge(Contract(contracts / "github.json"), relay, "/github")


def test_vercel(stub: Stub, relay: Relay, project: Registered, contracts: Path) -> None:
    vercel = Vercel(f"{stub.url}/vercel", TOKEN, "team_demo", timeouts=QUICK)
    name = project.facts["vercel_project_id"]
    live = vercel.project(name)
    vercel.variables(name)
    deployments = list(vercel.deployments(name, target="production", page_size=2))
    candidates = list(vercel.deployments(name, rollback_candidate=True))
    vercel.deployment(deployments[0].id)
    vercel.build_events(deployments[0].id)
    vercel.alias(project.facts["production_domain"], name)
    vercel.rolling_release(name)
    vercel.promote(name, project.staged())
    project.job_ends()
    vercel.failed_aliases(name, "promote")
    vercel.rollback(name, candidates[0].id, "guardrail breach")
    vercel.project(name)
    building = project.act("commits", subject="new")["deployment"]
    assert vercel.cancel(building).state == "CANCELED"
    assert live.production is not None
    judge(Contract(contracts / "vercel.json"), relay, "/vercel")
