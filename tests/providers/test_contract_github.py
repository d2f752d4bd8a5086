"""GitHub's own document: what we ask is in it, and its own examples can be read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentmesh_release.providers.github import AlertSource, GitHub, NewRelease, Outcome
from tests.providers.contracts import Contract
from tests.providers.payloads import REPO, SHA
from tests.providers.stub import Seen, Stub, Talk, reply

pytestmark = pytest.mark.contracts


@pytest.fixture(scope="module")
def contract(contracts: Path) -> Contract:
    return Contract(contracts / "github.json")


@pytest.fixture
def examples(stub: Stub, contract: Contract) -> Stub:
    """A stub that checks every request and answers with GitHub's own example."""

    def answer(seen: Seen) -> Talk:
        operation = contract.check_request(seen)
        status = "201" if seen.method == "POST" else "200"
        example = contract.example(operation, status)
        if operation.template.endswith("/contents/{path}"):
            example |= {"content": "IyBIZWxsbwo="}  # theirs is cut, and so no base64
        return reply(example, int(status))

    stub.otherwise = answer
    return stub


READS: dict[str, Callable[[GitHub], Any]] = {
    "rate limit": lambda github: github.rate_limit(),
    "repository": lambda github: github.repositories.get(REPO),
    "branch": lambda github: github.repositories.branch(REPO, "main"),
    "commit": lambda github: github.commits.get(REPO, "main"),
    "commits": lambda github: list(github.commits.on_branch(REPO, "main", path="a/b")),
    "comparison": lambda github: github.commits.between(REPO, "v1", "main"),
    "distance": lambda github: github.commits.distance(REPO, "v1", "main"),
    "file": lambda github: github.contents.file(REPO, "docs/README.md", SHA),
    "open pulls": lambda github: list(github.pulls.open(REPO, "main")),
    "pull": lambda github: github.pulls.get(REPO, 1347),
    "pulls of a commit": lambda github: github.pulls.for_commit(REPO, SHA),
    "commits of a pull": lambda github: github.pulls.commits(REPO, 1347),
    "reviews": lambda github: github.pulls.reviews(REPO, 1347),
    "check runs": lambda github: github.checks.runs(REPO, SHA),
    "tags": lambda github: list(github.tags.all(REPO)),
    "releases": lambda github: list(github.releases.all(REPO)),
    "latest release": lambda github: github.releases.latest(REPO),
    "release by tag": lambda github: github.releases.by_tag(REPO, "v1.0.0"),
    "code scanning": lambda github: github.alerts.open(REPO, AlertSource.CODE_SCANNING),
    "dependabot": lambda github: github.alerts.open(REPO, AlertSource.DEPENDABOT),
    "secret scanning": lambda github: github.alerts.open(REPO, AlertSource.SECRET_SCANNING),
    "protection": lambda github: github.protection.read(REPO, "main"),
}


@pytest.mark.parametrize("noun", READS)
def test_a_read_is_documented_and_its_example_can_be_read(
    examples: Stub, github: GitHub, noun: str
) -> None:
    assert READS[noun](github)


def test_the_example_of_a_combined_status_has_passed(examples: Stub, github: GitHub) -> None:
    statuses = github.checks.statuses(REPO, SHA)
    assert {status.outcome for status in statuses} == {Outcome.PASSED}


def test_the_example_of_a_protection_is_known(examples: Stub, github: GitHub) -> None:
    found = github.protection.read(REPO, "main")
    assert found.is_known
    assert found.approvals_required == 2


def test_what_is_made_is_asked_for_as_documented(examples: Stub, github: GitHub) -> None:
    """The examples are of other tags, so the acts themselves are called."""
    github.tags._annotate(REPO, "v1.0.0", SHA, "AgentMesh 1.0.0")
    new = NewRelease("v2.0.0", SHA, "v2.0.0", "text")
    github.releases.draft(REPO, new)
    github.releases.edit(REPO, 1, new)
    assert [seen.method for seen in examples.seen] == ["POST", "POST", "PATCH"]
