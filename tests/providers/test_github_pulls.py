"""Pull requests, and who really approves."""

from __future__ import annotations

from agentmesh_release.providers.github import GitHub
from tests.providers.payloads import REPO, SHA, commit, paged, pull, review
from tests.providers.stub import Stub, reply


def test_open_ones_are_listed_for_a_base(stub: Stub, github: GitHub) -> None:
    paged(stub, f"/repos/{REPO}/pulls", [pull(n) for n in range(101)])
    assert len(list(github.pulls.open(REPO, "main"))) == 101
    assert stub.seen[0].query["state"] == "open"
    assert stub.seen[0].query["base"] == "main"


def test_a_landed_commit_leads_to_its_pull_request(stub: Stub, github: GitHub) -> None:
    merged = pull(merged_at="2026-01-03T00:00:00Z", state="closed", merge_commit_sha=SHA)
    stub.route(f"/repos/{REPO}/commits/{SHA}/pulls", reply([merged]))
    (one,) = github.pulls.for_commit(REPO, SHA)
    assert (one.merged, one.merge_commit_sha, one.labels) == (True, SHA, ("release",))


def test_closed_is_not_merged(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/pulls/7", reply(pull(state="closed", mergeable=None)))
    one = github.pulls.get(REPO, 7)
    assert (one.merged, one.mergeable) == (False, None)


def test_an_author_who_is_gone_is_nobody(stub: Stub, github: GitHub) -> None:
    stub.route(f"/repos/{REPO}/pulls/7", reply(pull(user=None)))
    assert github.pulls.get(REPO, 7).author_login is None


def test_a_full_250_of_commits_may_be_cut(stub: Stub, github: GitHub) -> None:
    paged(stub, f"/repos/{REPO}/pulls/7/commits", [commit(n) for n in range(250)])
    found = github.pulls.commits(REPO, 7)
    assert (len(found.commits), found.may_be_cut) == (250, True)


def approvals(stub: Stub, github: GitHub, *reviews: dict[str, object]) -> tuple[str, ...]:
    stub.route(f"/repos/{REPO}/pulls/7/reviews", reply(list(reviews)))
    return github.pulls.reviews(REPO, 7).approved_by()


def test_the_last_decisive_review_of_each_counts(stub: Stub, github: GitHub) -> None:
    found = approvals(
        stub,
        github,
        review("ben", "CHANGES_REQUESTED"),
        review("cleo", "APPROVED"),
        review("ben", "APPROVED"),
        review("ben", "COMMENTED"),
        review("cleo", "DISMISSED"),
        review("sam", "PENDING"),
    )
    assert found == ("ben",)


def test_a_request_for_changes_after_an_approval_takes_it_back(stub: Stub, github: GitHub) -> None:
    both = (review("ben", "APPROVED"), review("ben", "CHANGES_REQUESTED"))
    assert approvals(stub, github, *both) == ()
    assert github.pulls.reviews(REPO, 7).changes_requested_by() == ("ben",)


def test_one_person_who_approves_twice_is_one(stub: Stub, github: GitHub) -> None:
    assert approvals(stub, github, *[review("ben", "APPROVED")] * 2) == ("ben",)


def test_an_approval_of_an_older_head_can_be_told_apart(stub: Stub, github: GitHub) -> None:
    both = (review("ben", "APPROVED", "b" * 40), review("cleo", "APPROVED"))
    assert approvals(stub, github, *both) == ("ben", "cleo")
    assert github.pulls.reviews(REPO, 7).approved_by(SHA) == ("cleo",)


def test_a_review_by_someone_who_is_gone_is_nobodys(stub: Stub, github: GitHub) -> None:
    assert approvals(stub, github, {**review("x", "APPROVED"), "user": None}) == ()
