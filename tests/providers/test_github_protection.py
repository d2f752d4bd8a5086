"""What a branch demands, and that not knowing is not "nothing"."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Demands, GitHub, RequiredCheck, Unknown
from tests.providers.payloads import REPO
from tests.providers.stub import Stub, reply

CLASSIC = f"/repos/{REPO}/branches/main/protection"
RULES = f"/repos/{REPO}/rules/branches/main"
PROTECTED = {
    "required_status_checks": {
        "strict": True,
        "contexts": ["test", "lint"],
        "checks": [{"context": "test", "app_id": 15368}, {"context": "lint", "app_id": None}],
    },
    "required_pull_request_reviews": {"required_approving_review_count": 1},
    "enforce_admins": {"enabled": True},
    "allow_force_pushes": {"enabled": False},
    "allow_deletions": {"enabled": False},
}
ACTIVE_RULES = [
    {"type": "deletion"},
    {"type": "pull_request", "parameters": {"required_approving_review_count": 2}},
    {
        "type": "required_status_checks",
        "parameters": {
            "strict_required_status_checks_policy": False,
            "required_status_checks": [{"context": "e2e", "integration_id": 7}],
        },
    },
    {"type": "a_rule_of_tomorrow"},
]


def test_the_stricter_of_both_sources_wins(stub: Stub, github: GitHub) -> None:
    stub.route(CLASSIC, reply(PROTECTED))
    stub.route(RULES, reply(ACTIVE_RULES))
    found = github.protection.read(REPO, "main")
    assert found.is_known
    assert found.approvals_required == 2
    assert found.up_to_date_required is True
    pinned = (RequiredCheck("test", 15368), RequiredCheck("lint"), RequiredCheck("e2e", 7))
    assert found.required_checks == frozenset(pinned)


def test_rules_that_are_new_are_kept_by_name(stub: Stub, github: GitHub) -> None:
    stub.route(CLASSIC, reply(PROTECTED))
    stub.route(RULES, reply(ACTIVE_RULES))
    rules = github.protection.read(REPO, "main").rules
    assert isinstance(rules, Demands)
    assert "a_rule_of_tomorrow" in rules.kinds
    assert (rules.allows_deletion, rules.allows_force_pushes) == (False, True)


@pytest.mark.parametrize("status", [403, 404])
def test_what_cannot_be_read_is_unknown_never_unprotected(
    stub: Stub, github: GitHub, status: int
) -> None:
    stub.route(CLASSIC, reply({"message": "Branch not protected"}, status))
    stub.route(RULES, reply([]))
    found = github.protection.read(REPO, "main")
    assert isinstance(found.classic, Unknown)
    assert not found.is_known
    assert found.approvals_required is None
    assert found.required_checks is None
    assert found.up_to_date_required is None


def test_one_readable_demand_is_enough_to_be_demanded(stub: Stub, github: GitHub) -> None:
    stub.route(CLASSIC, reply(PROTECTED))
    found = github.protection.read(REPO, "main")
    assert isinstance(found.rules, Unknown)
    assert found.up_to_date_required is True
    assert found.at_least == found.classic


@pytest.mark.parametrize("status", [401, 500])
def test_a_failure_says_nothing_about_the_branch(stub: Stub, github: GitHub, status: int) -> None:
    stub.route(CLASSIC, reply({"message": "no"}, status))
    with pytest.raises(ProviderError):
        github.protection.read(REPO, "main")


def test_a_rate_limit_is_not_taken_for_a_missing_right(stub: Stub, github: GitHub) -> None:
    stub.route(CLASSIC, reply({"message": "secondary rate limit"}, 403))
    with pytest.raises(ProviderError):
        github.protection.read(REPO, "main")


def test_a_protection_without_checks_or_reviews_demands_none(stub: Stub, github: GitHub) -> None:
    stub.route(CLASSIC, reply({"enforce_admins": {"enabled": False}}))
    stub.route(RULES, reply([]))
    found = github.protection.read(REPO, "main")
    assert (found.approvals_required, found.required_checks) == (0, frozenset())
    assert found.up_to_date_required is False


def test_what_else_is_demanded_is_read_from_both(stub: Stub, github: GitHub) -> None:
    pattern = {"operator": "regex", "pattern": "^feat: "}
    rules = [
        {"type": "pull_request", "parameters": {"dismiss_stale_reviews_on_push": True}},
        {"type": "commit_message_pattern", "parameters": pattern},
        {"type": "commit_message_pattern", "parameters": {**pattern, "negate": True}},
        {"type": "commit_message_pattern", "parameters": {"operator": "contains", "pattern": "x"}},
    ]
    stub.route(CLASSIC, reply({"required_pull_request_reviews": {"dismiss_stale_reviews": False}}))
    stub.route(RULES, reply(rules))
    found = github.protection.read(REPO, "main")
    assert isinstance(found.classic, Demands)
    assert isinstance(found.rules, Demands)
    assert (found.classic.dismisses_stale, found.rules.dismisses_stale) == (False, True)
    assert found.rules.message_patterns == ("^feat: ",)


@pytest.mark.parametrize(
    ("branch", "known"),
    [
        ({"protected": False}, {RequiredCheck("e2e", 7)}),
        (
            {"protected": True, "protection": {"required_status_checks": {"contexts": ["lint"]}}},
            {RequiredCheck("e2e", 7), RequiredCheck("lint")},
        ),
        ({"protected": True}, None),
    ],
)
def test_the_branch_itself_tells_the_required_checks_to_any_reader(
    stub: Stub, github: GitHub, branch: object, known: object
) -> None:
    stub.route(CLASSIC, reply({"message": "Not Found"}, 404))
    stub.route(f"/repos/{REPO}/branches/main", reply(branch))
    stub.route(RULES, reply(ACTIVE_RULES))
    found = github.protection.read(REPO, "main")
    assert found.required_checks == known
    assert found.approvals_required is None
