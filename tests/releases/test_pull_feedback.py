"""GitHub is told how a pull request stands: what changed, once, whatever happens on the way."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from agentmesh_release.core.models import AuditEvent
from releases.evidence import protection, pulls
from releases.models import CheckSummary, Project, PullFeedback, PullRequest
from releases.pulls import feedback, judging, reporting
from tests.cast import SETUP
from tests.releases.sandboxed import Demo
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _checks_take_no_time(sandboxed: Running) -> Iterator[None]:
    sandboxed.act("speed", check_seconds=0)
    yield
    sandboxed.act("faults/clear")
    sandboxed.act("speed", check_seconds=0.6)


def now() -> datetime:
    return datetime.now(UTC)


def opened(demo: Demo, **more: Any) -> int:
    """One that was read."""
    number = int(demo.act("pulls", title="feat: soon")["number"])
    read(demo, number)
    return number


def read(demo: Demo, number: int) -> None:
    demo.read()
    protection.read_due(demo.project, now())
    pulls.refresh(demo.project, number, now())


def tell() -> PullFeedback:
    """As the sweep does."""
    for row in PullFeedback.objects.to_tell().due():
        feedback.tell(row.pk)
    return PullFeedback.objects.get()


def told(demo: Demo) -> list[tuple[str, str]]:
    """What GitHub shows, oldest first: state and context."""
    acts = demo.sandbox.journal(project=demo.project.slug, kind="status_created")
    return [(each["detail"]["state"], each["detail"]["context"]) for each in acts]


def test_the_author_is_told_what_is_missing(demo: Demo) -> None:
    number = opened(demo)
    row = tell()
    assert row.state == "told"
    assert told(demo) == [("pending", "agentmesh/trunk-rules")]
    path = f"/github/repos/{demo.project.repository}/commits/{row.head_sha}/status"
    (shown,) = demo.sandbox.get(path)["statuses"]
    assert shown["description"].startswith("Nobody has approved it yet.")
    assert shown["target_url"].endswith(f"/projects/{demo.project.slug}/pulls/{number}/")


def test_it_is_told_again_only_when_there_is_something_else_to_say(demo: Demo) -> None:
    number = opened(demo)
    tell()
    read(demo, number)
    tell()
    demo.act("pulls/approve", number=number)
    read(demo, number)
    tell()
    demo.act("pulls/retitle", number=number)
    read(demo, number)
    assert tell().content["text"].count("Write it like “fix(runs): retry queued runs”.") == 1
    assert [state for state, _ in told(demo)] == ["pending", "success", "failure"]


def test_our_own_word_is_no_ci(demo: Demo) -> None:
    number = opened(demo)
    tell()
    read(demo, number)
    names = {each["name"] for each in CheckSummary.objects.latest("read_at").results}
    assert names == {"build", "test", "lint", "security-scan"}


def test_the_newest_replaces_what_was_not_told_while_github_was_down(demo: Demo) -> None:
    number = opened(demo)
    demo.sandbox.act("faults", provider="github", kind="502", method="POST")
    row = tell()
    assert (row.state, row.attempts) == ("due", 1)
    assert "502" in row.error
    demo.sandbox.act("faults/clear")
    demo.act("pulls/approve", number=number)
    read(demo, number)
    assert tell().state == "told"
    assert [state for state, _ in told(demo)] == ["success"]


def test_it_waits_before_it_asks_again(demo: Demo) -> None:
    opened(demo)
    demo.sandbox.act("faults", provider="github", kind="502", method="POST")
    tell()
    before = PullFeedback.objects.get().attempts
    assert tell().attempts == before


def test_an_answer_that_was_lost_is_not_said_twice(demo: Demo) -> None:
    opened(demo)
    demo.sandbox.act("faults", provider="github", kind="late", method="POST", times=1)
    assert tell().state == "due"
    PullFeedback.objects.update(due_at=now())
    assert tell().state == "told"
    assert len(told(demo)) == 1


def test_what_github_refuses_for_good_is_not_tried_again(demo: Demo) -> None:
    opened(demo)
    demo.sandbox.act("faults", provider="github", kind="403", method="POST")
    row = tell()
    assert (row.state, bool(row.error)) == ("failed", True)
    demo.sandbox.act("faults/clear")
    tell()
    assert told(demo) == []


def test_something_newer_that_came_while_it_was_told_stays_due(demo: Demo) -> None:
    opened(demo)
    row = PullFeedback.objects.get()
    claimed = PullFeedback.objects.filter(state="due").claim(row.pk, feedback.LEASE)
    assert claimed
    PullFeedback.objects.update(content={**claimed.content, "title": "newer"})
    feedback._settle(demo.project, claimed)
    row.refresh_from_db()
    assert (row.state, row.lease_until) == ("due", None)


def test_what_is_merged_is_not_told_any_more(demo: Demo) -> None:
    number = opened(demo)
    demo.act("pulls/merge", number=number)
    demo.read()
    tell()
    assert told(demo) == []


def test_a_project_that_does_not_want_it_tells_nothing(demo: Demo) -> None:
    Project.objects.update(reports_back=False)
    number = opened(demo)
    assert not PullFeedback.objects.exists()
    reporting.switch(demo.project, True, by=SETUP, reason="we want it", now=now())
    tell()
    assert len(told(demo)) == 1
    reporting.switch(demo.project, False, by=SETUP, reason="too loud", now=now())
    demo.act("pulls/approve", number=number)
    read(demo, number)
    tell()
    assert len(told(demo)) == 1
    verbs = AuditEvent.objects.filter(verb__startswith="trunk_report").order_by("id")
    assert [event.verb for event in verbs] == ["trunk_report.on", "trunk_report.off"]


def test_of_several_projects_in_one_repository_each_has_its_say(demo: Demo) -> None:
    Project.objects.update(folder="packages/front")
    opened(demo)
    tell()
    assert told(demo) == [("pending", f"agentmesh/trunk-rules/{demo.project.slug}")]


def test_who_still_looks_at_an_earlier_head_replaces_nothing(demo: Demo) -> None:
    opened(demo)
    late = PullRequest.objects.get()
    present, late.head_sha = late.head_sha, "e" * 40
    judging.judge(demo.project, [late], now())
    assert PullFeedback.objects.get().head_sha == present
