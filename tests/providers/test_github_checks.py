"""Checks and statuses: what counts as passed, and everything that does not."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub, Outcome, RequiredCheck
from tests.providers.payloads import REPO, SHA, ci, paged, run, status
from tests.providers.stub import Stub, reply


@pytest.mark.parametrize(
    ("conclusion", "outcome"),
    [
        ("success", "passed"), ("failure", "failed"), ("cancelled", "failed"),
        ("timed_out", "failed"), ("action_required", "failed"), ("startup_failure", "failed"),
        ("skipped", "skipped"), ("neutral", "neutral"), ("stale", "unknown"),
        ("brilliant", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_a_conclusion_means(
    stub: Stub, github: GitHub, conclusion: str | None, outcome: str
) -> None:
    ci(stub, [run("test", conclusion)])
    assert github.checks.summary(REPO, SHA).overall == outcome


@pytest.mark.parametrize("word", ["queued", "in_progress", "waiting", "requested", "pending"])
def test_a_run_that_is_not_completed_is_pending(stub: Stub, github: GitHub, word: str) -> None:
    ci(stub, [run("test", None, word)])
    assert github.checks.summary(REPO, SHA).overall is Outcome.PENDING


def test_a_run_in_a_state_nobody_knows_is_unknown(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test", "success", "dreaming")])
    assert github.checks.summary(REPO, SHA).overall is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("state", "outcome"),
    [("success", "passed"), ("failure", "failed"), ("error", "failed"), ("pending", "pending"),
     ("splendid", "unknown")],
)  # fmt: skip
def test_a_status_means(stub: Stub, github: GitHub, state: str, outcome: str) -> None:
    ci(stub, [], [status("ci/test", state)])
    assert github.checks.summary(REPO, SHA).overall == outcome


def test_nothing_at_all_is_absent_not_passed(stub: Stub, github: GitHub) -> None:
    ci(stub)
    assert github.checks.summary(REPO, SHA).overall is Outcome.ABSENT


def test_a_status_can_fail_what_the_checks_pass(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test")], [status("security", "failure")])
    assert github.checks.summary(REPO, SHA).overall is Outcome.FAILED


def test_a_repository_with_checks_only_is_not_pending(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test")])
    assert github.checks.summary(REPO, SHA).overall is Outcome.PASSED


@pytest.mark.parametrize(
    ("conclusions", "overall"),
    [
        (["skipped", "skipped"], "skipped"), (["neutral", "skipped"], "neutral"),
        (["success", "skipped"], "passed"), (["success", "brilliant"], "unknown"),
        (["failure", "brilliant"], "failed"),
    ],
)  # fmt: skip
def test_skipped_and_neutral_prove_nothing(
    stub: Stub, github: GitHub, conclusions: list[str], overall: str
) -> None:
    ci(stub, [run(str(n), conclusion) for n, conclusion in enumerate(conclusions)])
    assert github.checks.summary(REPO, SHA).overall == overall


def test_all_pages_are_read(stub: Stub, github: GitHub) -> None:
    runs = [run(f"test {n}") for n in range(149)] + [run("last", "failure")]
    ci(stub)
    at = f"/repos/{REPO}/commits/{SHA}"
    paged(stub, f"{at}/check-runs", runs, {"total_count": 150}, "check_runs")
    paged(stub, f"{at}/status", [status(f"s{n}", "success") for n in range(120)],
          {"total_count": 120}, "statuses")  # fmt: skip
    summary = github.checks.summary(REPO, SHA)
    assert len(summary.results) == 270
    assert [result.name for result in summary.having(Outcome.FAILED)] == ["last"]
    assert stub.seen[0].query["filter"] == "latest"


def test_a_list_that_is_short_is_an_error(stub: Stub, github: GitHub) -> None:
    at = f"/repos/{REPO}/commits/{SHA}"
    stub.route(f"{at}/check-runs", reply({"total_count": 2, "check_runs": [run("test")]}))
    with pytest.raises(ProviderError, match="1 of 2 check runs"):
        github.checks.runs(REPO, SHA)


def test_a_required_check_that_never_reported_is_absent(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test")])
    summary = github.checks.summary(REPO, SHA)
    asked = summary.required([RequiredCheck("test"), RequiredCheck("e2e")])
    assert [(r.name, r.outcome) for r in asked.results] == [("test", "passed"), ("e2e", "absent")]
    assert asked.overall is Outcome.ABSENT


def test_a_check_and_a_status_of_one_name_both_count(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test")], [status("test", "failure")])
    asked = github.checks.summary(REPO, SHA).required([RequiredCheck("test")])
    assert asked.overall is Outcome.FAILED


def test_another_apps_check_of_that_name_does_not_count(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test", app=99)], [status("test", "success")])
    asked = github.checks.summary(REPO, SHA).required([RequiredCheck("test", 15368)])
    assert asked.overall is Outcome.ABSENT


def test_what_is_not_required_does_not_count(stub: Stub, github: GitHub) -> None:
    ci(stub, [run("test"), run("nightly", "failure")])
    asked = github.checks.summary(REPO, SHA).required([RequiredCheck("test")])
    assert asked.overall is Outcome.PASSED
