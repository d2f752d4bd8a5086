"""Several people at once, and changes of mind: what is live afterwards is what it should be."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import kinds
from agentmesh_release.core.operations.engine import attempt
from agentmesh_release.core.refusals import Refused
from releases.evidence import builds
from releases.models import Deployment, Promotion
from tests.at_once import at_once

from .journey import Journey, execute, hasten, states

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


def work_all(journey: Journey) -> None:
    while active := Operation.objects.filter(state__in=Operation.ACTIVE).order_by("state").first():
        running = Operation.objects.filter(state=Operation.State.RUNNING).first()
        journey.work(running or active)


def up_to(operation: Operation, step: str) -> None:
    while (current := operation.current_step()) and current.name != step:
        hasten(operation)
        attempt(operation.pk)


def is_true(journey: Journey) -> bool:
    """Whether what we say is live is what the domain shows, once Vercel is done and was read."""
    journey.vercel_is_done()
    builds.read(journey.project, timezone.now())
    return journey.live().vercel_id == journey.shown() and not journey.live().is_outside


def test_two_rollbacks_at_once_end_at_one_of_them(journey: Journey) -> None:
    journey.work(journey.promote())
    older = journey.project.releases.get(version="1.0.0")
    at_once(journey.roll_back, lambda: journey.roll_back(older))
    work_all(journey)
    last = Operation.objects.get(state="done", kind="rollback")
    assert Operation.objects.filter(kind="rollback", state="superseded").count() == 1
    assert journey.shown() == journey.live().vercel_id == last.plan["build"]


def test_promote_and_roll_back_at_once_end_rolled_back(journey: Journey) -> None:
    older = journey.project.releases.get(version="1.0.0")
    promotion = journey.approved()
    at_once(lambda: execute(journey, promotion), lambda: journey.roll_back(older))
    work_all(journey)
    promotion = Promotion.objects.get(pk=promotion.pk)
    assert promotion.state in ("superseded", "failed"), promotion.outcome
    assert journey.shown() == journey.live().vercel_id == journey.build(older)
    assert [move.split()[0] for move in journey.moves()] == ["rolled_back"]


def test_who_pressed_promote_before_the_hold_is_told_to_look_again(journey: Journey) -> None:
    older = journey.project.releases.get(version="1.0.0")
    promotion = journey.approved()
    rollback = journey.roll_back(older)
    queued = execute(journey, promotion)
    journey.work(rollback)
    journey.work(queued)
    assert queued.state == "failed"
    assert queued.outcome.startswith("Production was held after this was started (errors)")
    assert journey.work(journey.promote()).state == "done", "a person promotes again"


@pytest.mark.parametrize("is_at_work", [False, True])
def test_a_promotion_cancelled_in_any_step_leaves_the_truth(
    journey: Journey, is_at_work: bool
) -> None:
    for step in kinds.get("promotion").steps:
        cancelled(journey, journey.promote(), step.name, is_at_work)
        go_back(journey)


def test_a_rollback_cancelled_in_any_step_leaves_the_truth(journey: Journey) -> None:
    for step in kinds.get("rollback").steps:
        journey.work(journey.promote())
        cancelled(journey, journey.roll_back(), step.name, is_at_work=True)
        go_back(journey)


def go_back(journey: Journey) -> None:
    if journey.shown() != journey.build(journey.old):
        journey.work(journey.roll_back())


def cancelled(journey: Journey, operation: Operation, step: str, is_at_work: bool) -> None:
    """Cancel it where the step has not begun, or while somebody is at it."""
    up_to(operation, step)
    if is_at_work:
        hasten(operation)
        attempt(operation.pk)
    operation.refresh_from_db()
    if operation.is_active:
        operations.cancel(operation, by=Actor.person(journey.ben), reason="not today")
    assert operation.state in ("cancelled", "done"), states(operation)
    assert is_true(journey)


def test_a_cancelled_promotion_that_goes_live_is_told_as_ours_and_held(journey: Journey) -> None:
    promotion = journey.promote()
    up_to(promotion, "promote")
    hasten(promotion)
    attempt(promotion.pk)
    operations.cancel(promotion, by=Actor.person(journey.ben), reason="not today")
    assert journey.roll_back().state == "running", "nobody has to wait for the truth"
    work_all(journey)
    assert is_true(journey)
    assert journey.shown() == journey.build(journey.old)
    hold = journey.hold()
    assert hold is not None
    assert hold.bad_sha == journey.new.commit_sha


def test_a_promotion_does_not_overrule_who_moved_the_domain_after_it(journey: Journey) -> None:
    promotion = journey.promote()
    asked(journey, promotion, "promote")
    old, new = journey.build(journey.old), journey.build(journey.new)
    path = f"/vercel/v1/projects/{journey.project.vercel_project_id}/rollback/{old}"
    assert journey.sandbox.ask("POST", path, {}).status == 201
    assert journey.work(promotion).state == "failed"
    assert promotion.outcome == f"{journey.production.domain} shows {old}, not {new}."
    assert journey.moves() == [f"promoted {new}", f"rolled_back {old}"]
    assert is_true(journey)


def test_a_rollback_insists(journey: Journey) -> None:
    journey.work(journey.promote())
    begin = journey.journal_end()
    rollback = journey.roll_back()
    asked(journey, rollback, "roll_back")
    journey.sandbox.act("production", project=journey.project.slug, sha=journey.new.commit_sha)
    assert journey.work(rollback).state == "done"
    assert is_true(journey)
    assert [move.split()[0] for move in journey.moves(begin)].count("rolled_back") == 2


def asked(journey: Journey, operation: Operation, step: str) -> None:
    """Let it ask Vercel in that step, and Vercel do it, before anybody looks."""
    up_to(operation, step)
    hasten(operation)
    attempt(operation.pk)
    journey.vercel_is_done()


def test_a_second_promotion_waits_behind_the_first(journey: Journey) -> None:
    older = journey.project.releases.get(version="1.0.0")
    first = journey.promote()
    second = journey.promote(older)
    assert (first.state, second.state) == ("running", "queued")
    journey.work(first)
    journey.work(second)
    assert journey.moves() == [
        f"promoted {journey.build(journey.new)}", f"promoted {journey.build(older)}"
    ]  # fmt: skip
    assert is_true(journey)


def test_a_rollback_clears_who_runs_and_who_waits(journey: Journey) -> None:
    older = journey.project.releases.get(version="1.0.0")
    first, second = journey.promote(), journey.promote(older)
    journey.work(journey.roll_back())
    for operation in (first, second):
        operation.refresh_from_db()
        assert operation.state == "superseded"
    assert journey.moves() == []


def _change_the_plan(journey: Journey) -> None:
    journey.project.watch_s = 30
    journey.project.save(update_fields=["watch_s"])


def _break_ci(journey: Journey) -> None:
    sha = journey.new.commit_sha
    journey.sandbox.act("checks", project=journey.project.slug, sha=sha, conclusion="failure")


def _open_the_bypass(journey: Journey) -> None:
    journey.sandbox.act("bypass", project=journey.project.slug, open=True)


@pytest.mark.parametrize("change", [_change_the_plan, _break_ci, _open_the_bypass])
def test_what_turns_bad_between_press_and_admit_stops_it(
    journey: Journey, change: Callable[[Journey], None]
) -> None:
    promotion = journey.promote()
    change(journey)
    journey.work(promotion)
    assert promotion.state == "failed", states(promotion)
    assert journey.moves() == []


def test_a_plan_changed_after_approval_voids_it(journey: Journey) -> None:
    promotion = journey.approved()
    _change_the_plan(journey)
    with pytest.raises(Refused, match="plan has changed"):
        execute(journey, promotion)


def test_a_build_that_is_gone_is_not_promoted(journey: Journey) -> None:
    promotion = journey.approved()
    Deployment.objects.filter(vercel_id=promotion.plan["build"]).update(state="ERROR")
    with pytest.raises(Refused, match="plan has changed"):
        execute(journey, promotion)


def test_without_prometheus_the_evidence_ages_until_it_does_not_count(journey: Journey) -> None:
    promotion = journey.approved()
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=2)),
        pytest.raises(Refused, match="does not count as passed"),
    ):
        execute(journey, promotion)


def test_a_clock_of_ours_that_is_fast_makes_nobody_an_outsider(journey: Journey) -> None:
    began = timezone.now() + timedelta(hours=1)
    shown = builds.what_is_live(journey.production, journey.project.vercel())
    journey.work(journey.promote())
    with time_machine.travel(began):
        builds.notice(journey.production, shown, journey.live().since)
    assert not journey.live().is_outside
