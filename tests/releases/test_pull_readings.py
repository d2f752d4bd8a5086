"""What open pull requests are judged by, read from GitHub when it may have changed."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from agentmesh_release.core.gates import Checklist
from agentmesh_release.providers.errors import ProviderError
from releases.evidence import protection, pull_readings, pulls
from releases.models import BranchProtection, Project, PullReading, PullRequest
from tests.releases.sandboxed import Demo
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _checks_take_no_time(sandboxed: Running) -> Iterator[None]:
    sandboxed.act("speed", check_seconds=0)
    yield
    sandboxed.act("speed", check_seconds=0.6)


def now(minutes: float = 0) -> datetime:
    return datetime.now(UTC) + timedelta(minutes=minutes)


def opened(demo: Demo, title: str = "feat: soon") -> int:
    return int(demo.act("pulls", title=title)["number"])


def look(demo: Demo, at: datetime | None = None) -> None:
    """As the poll does: the list, what may have changed, and the protection."""
    project = demo.read()
    pulls.read(project, project.github(), at or now())
    protection.read_due(project, at or now())
    pull_readings.read_due(project, at or now())


def states(number: int) -> dict[str, str]:
    pull = PullRequest.objects.get(number=number)
    return {item.gate: item.state for item in Checklist.from_json(pull.rules)}


def said(number: int, rule: str) -> str:
    pull = PullRequest.objects.get(number=number)
    return next(i.verdict.summary for i in Checklist.from_json(pull.rules) if i.gate == rule)


def calls(demo: Demo) -> list[str]:
    """What GitHub was asked since the last look, without the list, the trunk and the tags."""
    asked = [path.rpartition(f"/{demo.project.repository}/")[2] for path in demo.asked()]
    demo.sandbox.act("requests/reset")
    each = ("pulls/", "/reviews", "/commits", "compare/", "check-runs", "/status", "protection")
    return [path for path in asked if any(part in path for part in each)]


def settled(demo: Demo) -> int:
    """One that was read when all about it had settled."""
    number = opened(demo)
    look(demo)
    look(demo, now(1))
    calls(demo)
    return number


def test_a_new_one_is_judged_by_all_four_rules(demo: Demo) -> None:
    number = opened(demo)
    look(demo)
    assert states(number) == {
        "ci-green": "passed",
        "approval": "pending",
        "up-to-date": "passed",
        "conventional": "passed",
    }


def test_an_approval_is_seen_and_stale_after_a_push(demo: Demo) -> None:
    number = opened(demo)
    look(demo)
    demo.act("pulls/approve", number=number)
    look(demo)
    assert said(number, "approval") == "Approved by rowan."
    demo.act("pulls/push", number=number, message="fix: once more")
    look(demo)
    assert said(number, "approval") == "rowan approved an earlier commit; that one is stale."


def test_it_falls_behind_with_the_trunk_and_catches_up(demo: Demo) -> None:
    number = opened(demo)
    look(demo)
    demo.land("fix: meanwhile")
    look(demo)
    assert said(number, "up-to-date") == "1\N{NO-BREAK SPACE}commit behind main."
    demo.act("pulls/rebase", number=number)
    look(demo)
    assert states(number)["up-to-date"] == "passed"


def test_checks_are_followed_to_their_end(demo: Demo) -> None:
    demo.act("checks", fail_next=True)
    demo.act("speed", check_seconds=60)
    number = opened(demo)
    look(demo)
    assert states(number)["ci-green"] == "pending"
    demo.act("speed", check_seconds=0)
    look(demo)
    assert said(number, "ci-green") == "test failed."


def test_a_required_check_that_never_reports_is_missing(demo: Demo) -> None:
    number = settled(demo)
    demo.act("protection", kind="full", checks="e2e")
    protection.read(demo.project, now())
    assert said(number, "ci-green") == "e2e is required and never reported."


def test_required_checks_are_known_to_a_token_that_may_not_read_the_protection(
    demo: Demo,
) -> None:
    demo.act("protection", kind="hidden")
    number = opened(demo)
    look(demo)
    assert "unknown" in BranchProtection.objects.get().classic
    assert states(number)["ci-green"] == "passed"


def test_a_quiet_one_costs_no_call(demo: Demo) -> None:
    settled(demo)
    look(demo, now(2))
    assert calls(demo) == []


def test_its_checks_are_read_again_after_half_an_hour(demo: Demo) -> None:
    settled(demo)
    look(demo, now(32))
    asked = [path.rpartition("/")[2] for path in calls(demo) if path.startswith("commits/")]
    assert asked == ["check-runs", "status"]


def test_where_the_trunk_moved_only_the_distance_is_asked_for(demo: Demo) -> None:
    number = settled(demo)
    demo.land("fix: meanwhile")
    look(demo, now(2))
    head = PullRequest.objects.get(number=number).head_sha
    asked = [path for path in calls(demo) if head in path or path.startswith("pulls/")]
    assert asked == [f"compare/{demo.project.trunk_sha}...{head}", f"pulls/{number}"]


def test_one_that_a_webhook_named_is_read_whole(demo: Demo) -> None:
    number = settled(demo)
    demo.act("pulls/approve", number=number)
    pulls.refresh(demo.project, number, now(2))
    assert states(number)["approval"] == "passed"
    assert len(calls(demo)) == 7


def test_what_github_will_not_show_is_unread_and_asked_for_again(demo: Demo) -> None:
    number = opened(demo)
    path = f"/repos/{demo.project.repository}/pulls/{number}/reviews"
    demo.sandbox.act("faults", provider="github", kind="403", path=path)
    look(demo)
    assert states(number)["approval"] == "inconclusive"
    assert PullReading.objects.get().unread.keys() == {"reviews"}
    demo.sandbox.act("faults/clear")
    look(demo, now(2))
    assert states(number)["approval"] == "pending"
    assert not PullReading.objects.get().unread


def test_one_that_cannot_be_read_now_keeps_no_other_waiting(demo: Demo) -> None:
    first, second = opened(demo, "feat: one"), opened(demo, "feat: two")
    path = f"/repos/{demo.project.repository}/pulls/{second}/reviews"
    demo.sandbox.act("faults", provider="github", kind="502", path=path)
    for _ in range(2):
        with pytest.raises(ProviderError):
            look(demo)
    demo.sandbox.act("faults/clear")
    assert states(first)["conventional"] == "passed"
    assert states(second)["conventional"] == "inconclusive"


def test_what_was_known_stays_with_its_age_while_github_is_down(demo: Demo) -> None:
    number = settled(demo)
    demo.sandbox.act("faults", provider="github", kind="drop")
    with pytest.raises(ProviderError):
        look(demo)
    demo.sandbox.act("faults/clear")
    pull = PullRequest.objects.get(number=number)
    assert pull.checklist(now(5)).clear
    assert not pull.checklist(now(90)).clear


def test_a_merged_one_keeps_its_last_verdicts_and_is_not_read_any_more(demo: Demo) -> None:
    number = settled(demo)
    demo.act("pulls/merge", number=number)
    look(demo, now(2))
    pull = PullRequest.objects.get(number=number)
    assert (pull.state, bool(pull.merge_sha), bool(pull.rules)) == ("merged", True, True)
    calls(demo)
    look(demo, now(60))
    assert not [path for path in calls(demo) if path.startswith("pulls/")]


def test_the_policy_of_the_project_says_which_types_there_are(demo: Demo) -> None:
    number = settled(demo)
    types = {"types": [{"name": "fix", "title": "Fixes", "bump": "patch", "folded": False}]}
    Project.objects.update(versioning=types)
    pulls.refresh(Project.objects.get(), number, now(2))
    assert states(number)["conventional"] == "failed"
