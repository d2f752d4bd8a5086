"""The four trunk rules, judged by plain facts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from agentmesh_release.core import gates
from agentmesh_release.core.gates import Verdict
from agentmesh_release.providers.github import (
    CheckResult,
    Checks,
    Outcome,
    RequiredCheck,
    Review,
    Reviews,
)
from releases.conventional.policy import DEFAULT_POLICY
from releases.pulls.facts import Commits, Facts, Unread, Written, wrong_with
from releases.pulls.rules import TRUNK, approval, conventional, green_ci, up_to_date

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
HEAD, EARLIER = "a" * 40, "b" * 40
TEST, LINT = RequiredCheck("test"), RequiredCheck("lint", 7)


def result(name: str, outcome: str = "passed", app: int | None = None) -> CheckResult:
    return CheckResult(name, "check", Outcome(outcome), outcome, app)


def review(who: str, state: str = "APPROVED", sha: str = HEAD, of: str = "MEMBER") -> Review:
    return Review(1, who, state, sha, None, of)


def commit(message: str, *, is_merge: bool = False) -> Written:
    return Written(HEAD, message.split("\n")[0], is_merge, wrong_with(message))


GOOD = Facts(
    title="feat(runs): retry",
    author="noor",
    head_sha=HEAD,
    branch="retry",
    base="main",
    checks=Checks((result("test"), result("lint", app=7)), NOW),
    required=frozenset({TEST, LINT}),
    reviews=Reviews((review("rowan"),)),
    approvals_required=1,
    behind_by=0,
    conflicts=False,
    commits=Commits([commit("feat(runs): retry")]),
    types=DEFAULT_POLICY.names,
    listed_at=NOW,
    repository_url="https://github.com/demo/api",
    url="https://github.com/demo/api/pull/7",
)


def ci(*results: CheckResult, required: frozenset[RequiredCheck] | None = GOOD.required) -> Verdict:
    return green_ci(replace(GOOD, checks=Checks(results, NOW), required=required))


def approved(*reviews: Review, needed: int = 1) -> Verdict:
    return approval(replace(GOOD, reviews=Reviews(reviews), approvals_required=needed))


def test_a_good_one_meets_all_four() -> None:
    checklist = gates.evaluate(TRUNK, GOOD, NOW)
    assert [item.label for item in checklist] == [
        "Green CI", "Approved", "Up to date", "Conventional",
    ]  # fmt: skip
    assert checklist.is_clear
    assert all(item.verdict.evidence_url for item in checklist)


def test_what_is_too_old_does_not_count_as_passed() -> None:
    later = NOW + timedelta(hours=2)
    assert {item.state for item in gates.evaluate(TRUNK, GOOD, later)} == {"inconclusive"}


def test_a_check_that_failed_fails_required_or_not() -> None:
    verdict = ci(result("test"), result("lint", app=7), result("e2e", "failed"))
    assert (verdict.state, verdict.summary) == ("failed", "e2e failed.")


def test_a_running_check_is_waited_for() -> None:
    verdict = ci(result("test", "pending"))
    assert (verdict.state, verdict.summary) == ("pending", "Its checks are still running.")
    assert verdict.way == "test has not ended yet."


@pytest.mark.parametrize("lint", [[], [result("lint", app=8)]])
def test_a_required_check_that_never_reported_is_missing(lint: list[CheckResult]) -> None:
    verdict = ci(result("test"), *lint)
    assert (verdict.state, verdict.summary) == ("failed", "lint is required and never reported.")


def test_where_nothing_has_reported_yet_it_is_waited_for() -> None:
    verdict = ci()
    assert verdict.state == "pending"
    assert "lint" in verdict.summary
    assert "test" in verdict.summary


@pytest.mark.parametrize(
    ("results", "required", "said"),
    [
        ([], frozenset(), "No check ran"),
        ([result("test", "skipped")], frozenset(), "No check ran"),
        ([result("test", "skipped"), result("lint")], frozenset({TEST}), "proves nothing"),
        ([result("test", "unknown")], frozenset(), "not known here"),
        ([result("test")], None, "Which are required cannot be read"),
    ],
)
def test_what_proves_nothing_is_inconclusive(
    results: list[CheckResult], required: frozenset[RequiredCheck] | None, said: str
) -> None:
    verdict = ci(*results, required=required)
    assert verdict.state == "inconclusive"
    assert said in verdict.summary


def test_checks_that_nobody_has_read_are_inconclusive() -> None:
    assert green_ci(replace(GOOD, checks=None)).state == "inconclusive"


def test_our_own_word_is_no_required_check_of_ci() -> None:
    required = frozenset({TEST, RequiredCheck("agentmesh/trunk-rules")})
    assert ci(result("test"), required=required).state == "passed"


def test_a_skipped_check_beside_passed_ones_is_said() -> None:
    verdict = ci(result("test"), result("lint", app=7), result("e2e", "skipped"))
    assert (verdict.state, verdict.summary) == (
        "passed",
        "2 of 3\N{NO-BREAK SPACE}checks passed, the rest was skipped.",
    )


@pytest.mark.parametrize(
    ("reviews", "said"),
    [
        ([], "Nobody has approved it yet."),
        ([review("noor")], "Nobody has approved it yet."),
        ([review("rowan", of="CONTRIBUTOR")], "Nobody has approved it yet."),
        ([review("rowan", "COMMENTED")], "Nobody has approved it yet."),
        ([review("rowan", sha=EARLIER)], "rowan approved an earlier commit; that one is stale."),
        ([review("rowan", "DISMISSED")], "The review of rowan was dismissed, so nobody approves."),
        ([review("rowan"), review("rowan", "DISMISSED")], "The review of rowan was dismissed"),
    ],
)
def test_no_approval_that_counts_is_pending(reviews: list[Review], said: str) -> None:
    verdict = approved(*reviews)
    assert verdict.state == "pending"
    assert verdict.summary.startswith(said)
    assert verdict.way


def test_changes_asked_for_block_until_the_same_person_approves() -> None:
    asked = review("rowan", "CHANGES_REQUESTED", sha=EARLIER)
    verdict = approved(asked, review("tove"))
    assert (verdict.state, verdict.summary) == ("failed", "rowan asked for changes.")
    assert approved(asked, review("rowan")).state == "passed"


def test_a_comment_leaves_an_approval_standing() -> None:
    assert approved(review("rowan"), review("rowan", "COMMENTED")).state == "passed"


def test_as_many_have_to_approve_as_github_asks_for() -> None:
    verdict = approved(review("rowan"), needed=2)
    assert (verdict.state, verdict.summary) == ("pending", "1 of 2 approvals, by rowan.")
    assert approved(review("rowan"), review("tove"), needed=2).state == "passed"


def test_a_branch_that_is_behind_is_told_to_rebase() -> None:
    verdict = up_to_date(replace(GOOD, behind_by=3))
    assert verdict.summary == "3\N{NO-BREAK SPACE}commits behind main."
    assert (verdict.state, verdict.way) == ("failed", "Rebase onto main.")


def test_a_conflict_is_said_first() -> None:
    verdict = up_to_date(replace(GOOD, behind_by=3, conflicts=True))
    assert verdict.summary == "It conflicts with main."


def test_what_could_not_be_read_is_inconclusive_with_the_reason() -> None:
    unread = Unread("GitHub answered 404.")
    for verdict in (
        approval(replace(GOOD, reviews=unread)),
        up_to_date(replace(GOOD, behind_by=unread)),
        conventional(replace(GOOD, commits=unread)),
    ):
        assert verdict.state == "inconclusive"
        assert verdict.summary.endswith("GitHub answered 404.")


def test_a_bad_title_is_told_where_and_how() -> None:
    verdict = conventional(replace(GOOD, title="Improved things"))
    assert (verdict.state, verdict.summary) == ("failed", "The title is not conventional.")
    assert verdict.way.startswith("Title, column 9: expected “:”")


def test_a_type_that_the_policy_does_not_know_is_refused() -> None:
    verdict = conventional(replace(GOOD, title="wip: retry"))
    assert verdict.way.startswith("Title, column 1: expected one of the types build, chore")


def test_each_commit_is_judged_and_merges_are_not() -> None:
    commits = [
        commit("feat: a"),
        commit("oops"),
        commit("fix: b\nno blank line"),
        commit("Merge branch 'main' into retry", is_merge=True),
    ]
    verdict = conventional(replace(GOOD, commits=Commits(commits)))
    assert verdict.summary == "2 of 4\N{NO-BREAK SPACE}commits are not conventional."
    assert verdict.way.startswith("Reword the commit, column 5: expected")


def test_a_list_that_may_be_cut_proves_nothing() -> None:
    commits = Commits([commit("feat: a")] * 250, may_be_cut=True)
    assert conventional(replace(GOOD, commits=commits)).state == "inconclusive"
