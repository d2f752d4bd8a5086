"""GitHub in the sandbox: whole histories, CI that takes its time, releases made once."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub, Outcome
from tests.providers.conftest import TOKEN
from tests.providers.sandboxed.conftest import PATIENT, fault
from tests.sandbox.conftest import Registered
from tests.sandbox.running import eventually


def test_a_whole_history_is_read_and_compared(long: Registered) -> None:
    github = GitHub(f"{long.sandbox.url}/github", TOKEN)
    repo = long.facts["repository"]
    commits = list(github.commits.on_branch(repo, "main"))
    compared = github.commits.between(repo, "v0.1.0", "main")
    assert len(commits) == 261
    assert [one.sha for one in compared.commits] == [one.sha for one in commits[-2::-1]]
    assert compared.ahead_by == 260


def test_an_unchanged_page_costs_no_quota(project: Registered, github: GitHub) -> None:
    repo = project.facts["repository"]
    github.repositories.get(repo)
    before = github.rate_limit().remaining
    for _ in range(5):
        github.repositories.get(repo)
    assert github.rate_limit().remaining == before


def test_checks_go_from_pending_to_passed(project: Registered, github: GitHub) -> None:
    repo, sha = project.facts["repository"], project.act("commits", subject="it")["sha"]
    assert github.checks.summary(repo, sha).overall is Outcome.PENDING
    eventually(lambda: github.checks.summary(repo, sha).overall is Outcome.PASSED)


def test_a_failed_check_is_failed(project: Registered, github: GitHub) -> None:
    project.act("checks", fail_next=True)
    repo, sha = project.facts["repository"], project.act("commits", subject="it")["sha"]
    eventually(lambda: github.checks.summary(repo, sha).overall is Outcome.FAILED)


@pytest.mark.parametrize("kind", ["late", "half", "drop", "502", "html"])
def test_a_tag_whose_answers_are_lost_is_made_once(
    project: Registered, github: GitHub, kind: str
) -> None:
    repo, head = project.facts["repository"], project.facts["head"]
    fault(project, "github", kind, method="post", times=2)
    for _ in range(4):
        with suppress(ProviderError):
            github.tags.ensure(repo, "v9.0.0", head, "AgentMesh 9.0.0")
    assert github.tags.commit_of(repo, "v9.0.0") == head
    # A tag object without a reference is invisible; the reference is not.
    assert len(project.journal(vendor="github", kind="ref_created")) == 1


def test_a_hanging_provider_costs_no_more_than_the_whole_call(
    project: Registered, github: GitHub
) -> None:
    fault(project, "github", "hang", seconds=20)
    started = time.monotonic()
    with pytest.raises(ProviderError) as caught:
        github.repositories.get(project.facts["repository"])
    assert time.monotonic() - started < PATIENT.total_s + 0.5
    assert not caught.value.permanent


def test_a_rate_limit_says_when_and_is_not_hammered(project: Registered) -> None:
    github = GitHub(f"{project.sandbox.url}/github", "another token", timeouts=PATIENT)
    fault(project, "github", "rate_limited", seconds=50)
    for _ in range(3):
        with pytest.raises(ProviderError) as caught:
            github.repositories.get(project.facts["repository"])
        assert 40 < (caught.value.retry_after or 0) <= 61


def test_a_missing_repository_is_permanent(github: GitHub) -> None:
    with pytest.raises(ProviderError, match="may not see it") as caught:
        github.repositories.get("demo/nowhere")
    assert caught.value.permanent
