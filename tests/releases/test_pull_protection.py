"""How a branch is guarded, beside what the policy asks for: each gap is named, unknown is no gap
and is not met either."""

from dataclasses import replace

import pytest

from agentmesh_release.providers.github import Demands, Protection, RequiredCheck, Unknown
from releases.pulls.protection import compare

NOTHING = Demands(
    approvals_required=0,
    required_checks=frozenset(),
    up_to_date_required=False,
    allows_force_pushes=True,
    allows_deletion=True,
    binds_admins=False,
)
CONVENTIONAL = r"^(feat|fix)(\([^)]+\))?!?: .+"
ALL = Demands(
    approvals_required=1,
    required_checks=frozenset({RequiredCheck("test")}),
    up_to_date_required=True,
    allows_force_pushes=False,
    allows_deletion=False,
    binds_admins=True,
    dismisses_stale=True,
    message_patterns=(CONVENTIONAL,),
)
HIDDEN = Unknown("GitHub answered 403: the token lacks administration:read.")
EVERY = [
    "checks", "reviews", "strict", "stale", "force-pushes", "deletion", "admins", "messages",
]  # fmt: skip


def states(classic: Demands | Unknown, rules: Demands | Unknown) -> dict[str, str]:
    found = compare(Protection(classic, rules), "main")
    return {item.gate: item.state for item in found.checklist}


@pytest.mark.parametrize("sources", [(ALL, NOTHING), (ALL, HIDDEN)])
def test_what_one_source_asks_for_is_met(sources: tuple[Demands, Demands | Unknown]) -> None:
    assert states(*sources) == dict.fromkeys(EVERY, "passed")


def test_a_branch_that_nothing_guards_has_every_gap_with_its_mend() -> None:
    found = compare(Protection(NOTHING, NOTHING), "main")
    assert found.gaps == len(EVERY)
    assert all(item.verdict.way for item in found.checklist)


def test_what_cannot_be_read_is_unknown_with_the_missing_permission() -> None:
    found = compare(Protection(HIDDEN, NOTHING), "main")
    assert (found.gaps, found.unknown) == (0, len(EVERY))
    assert "administration:read" in found.checklist.items[0].verdict.summary


def test_rulesets_alone_are_enough_but_do_not_tell_whom_they_let_past() -> None:
    rules = replace(ALL, binds_admins=None, kinds=("pull_request",))
    assert states(NOTHING, rules) == {**dict.fromkeys(EVERY, "passed"), "admins": "inconclusive"}


def test_our_own_check_alone_is_no_check_of_ci_but_keeps_messages_conventional() -> None:
    ours = frozenset({RequiredCheck("agentmesh/trunk-rules")})
    found = states(replace(NOTHING, required_checks=ours), NOTHING)
    assert (found["checks"], found["messages"]) == ("failed", "passed")


@pytest.mark.parametrize("pattern", ["(", ".*", "^JIRA-[0-9]+", ""])
def test_a_pattern_that_takes_anything_or_refuses_good_ones_does_not_count(pattern: str) -> None:
    assert states(replace(NOTHING, message_patterns=(pattern,)), NOTHING)["messages"] == "failed"


def test_admins_who_may_go_past_the_protection_are_a_gap_whatever_rulesets_say() -> None:
    rules = replace(ALL, binds_admins=None, kinds=("pull_request",))
    assert states(replace(ALL, binds_admins=False), rules)["admins"] == "failed"
