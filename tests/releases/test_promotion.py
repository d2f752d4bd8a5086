"""Promotions: asked for, approved, put live; and everything that may not happen."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import AuditEvent, Operation, User
from agentmesh_release.core.refusals import Refused
from incidents.models import Slo
from releases.models import Deployment, Environment, MigrationReading, Promotion
from tests.at_once import at_once

from .conftest import NEW_SHA, Api, approve, execute

pytestmark = pytest.mark.django_db(transaction=True)


def test_asking_freezes_a_plan(api: Api, ada: User) -> None:
    promotion = api.ask(ada)
    assert promotion.plan["commit"] == NEW_SHA
    assert promotion.plan["build"] == "dpl_1.1.0"
    assert AuditEvent.objects.filter(verb="promotion.ask", actor="Ada").exists()


def test_it_is_asked_for_once(api: Api, ada: User, ben: User) -> None:
    api.ask(ada)
    with pytest.raises(Refused, match="asked for already"):
        api.ask(ben)


def test_it_refuses_own_approval_and_says_who_may(api: Api, ada: User, ben: User) -> None:
    promotion = api.ask(ada)
    with pytest.raises(Refused, match=r"someone else has to approve it\. Ben may\.") as refusal:
        approve(promotion, ada)
    assert refusal.value.code == "own_approval"
    assert not promotion.approvals.exists()


def test_one_person_counts_once(api: Api, ada: User, ben: User) -> None:
    promotion = api.approved(ada, ben)
    with pytest.raises(Refused, match="approved this plan already"):
        approve(promotion, ben)
    assert [each.by for each in promotion.counted()] == ["Ben"]


def test_an_approval_keeps_the_evidence_of_its_moment(api: Api, ada: User, ben: User) -> None:
    api.ci("failed")
    promotion = api.approved(ada, ben)
    states = {item["gate"]: item["state"] for item in promotion.approvals.get().checklist["items"]}
    assert states["ci"] == "failed"


def test_a_changed_plan_voids_approvals(api: Api, ada: User, ben: User) -> None:
    promotion = api.approved(ada, ben)
    MigrationReading.objects.update(
        migrations=[{"name": "add_run", "checksum": "1", "phase": "expand", "state": "applied"}]
    )
    assert promotion.replan(by=Actor.system("checklists"))
    assert promotion.counted() == []
    with pytest.raises(Refused, match="Manual approval"):
        execute(promotion, ben)


def test_it_refuses_an_approval_of_a_plan_that_is_not_shown_any_more(
    api: Api, ada: User, ben: User
) -> None:
    promotion = api.ask(ada)
    Deployment.objects.filter(vercel_id="dpl_1.1.0").update(state="ERROR")
    with pytest.raises(Refused, match="plan has changed"):
        approve(promotion, ben)


def test_whoever_changed_the_plan_last_does_not_count(api: Api, ada: User, ben: User) -> None:
    promotion = api.ask(ada)
    api.project.watch_s = 30
    api.project.save()
    promotion.refresh_from_db()
    promotion.replan(by=Actor.person(ben))
    with pytest.raises(Refused, match="someone else"):
        approve(promotion, ben)


def test_a_rebuild_of_the_same_commit_does_not_change_the_plan(api: Api, ada: User) -> None:
    promotion = api.ask(ada)
    api.build(api.new, "STAGED", "dpl_again")
    assert not promotion.replan(by=Actor.system("checklists"))


def test_promoting_starts_one_operation_with_the_evidence_frozen(
    api: Api, ada: User, ben: User
) -> None:
    promotion = api.approved(ada, ben)
    execute(promotion, ben)
    assert promotion.is_running
    assert promotion.operation is not None
    assert promotion.operation.plan == promotion.plan
    assert {item["state"] for item in promotion.decided["items"]} == {"passed"}


def _fail_ci(api: Api) -> None:
    api.ci("failed")


def _no_checks(api: Api) -> None:
    api.ci("absent")


def _open_bypass(api: Api) -> None:
    Environment.objects.update(assigns_by_itself=True)


def _unread_bypass(api: Api) -> None:
    Environment.objects.update(assigns_by_itself=None)


def _slow(api: Api) -> None:
    Slo.objects.filter(key="latency").update(value=0.4)


def _no_prometheus(api: Api) -> None:
    Slo.objects.filter(key="latency").update(value=None, trouble="No data.")


def _spent(api: Api) -> None:
    Slo.objects.filter(key="error_rate").update(budget_left=-0.1)


def _unread_migrations(api: Api) -> None:
    MigrationReading.objects.all().delete()


@pytest.mark.parametrize(
    "trouble",
    [
        _fail_ci, _no_checks, _open_bypass, _unread_bypass, _slow, _no_prometheus, _spent,
        _unread_migrations,
    ],
)  # fmt: skip
def test_it_refuses_to_promote_past_a_gate(
    api: Api, ada: User, ben: User, trouble: Callable[[Api], None]
) -> None:
    promotion = api.approved(ada, ben)
    trouble(api)
    with pytest.raises(Refused) as refusal:
        execute(promotion, ben)
    assert refusal.value.code in ("gates_block", "plan_changed")
    assert not Operation.objects.exists()


def test_migrations_that_are_not_applied_block(api: Api, ada: User, ben: User) -> None:
    MigrationReading.objects.update(
        migrations=[{"name": "add_run", "checksum": "1", "phase": "expand", "state": "pending"}]
    )
    promotion = api.approved(ada, ben)
    with pytest.raises(Refused, match="Not applied in production: add_run"):
        execute(promotion, ben)


def test_evidence_that_is_too_old_does_not_count(api: Api, ada: User, ben: User) -> None:
    promotion = api.approved(ada, ben)
    with (
        time_machine.travel(timezone.now() + timedelta(minutes=10)),
        pytest.raises(Refused, match="does not count as passed"),
    ):
        execute(promotion, ben)


def test_without_approval_nothing_is_promoted(api: Api, ada: User) -> None:
    promotion = api.ask(ada)
    with pytest.raises(Refused, match=r"Manual approval: 1.approval missing"):
        execute(promotion, ada)


def test_without_a_build_nothing_is_approved(api: Api, ada: User, ben: User) -> None:
    Deployment.objects.filter(vercel_id="dpl_1.1.0").delete()
    with pytest.raises(Refused, match="no finished production build"):
        api.approved(ada, ben)


def test_withdrawing_ends_the_request(api: Api, ada: User, ben: User) -> None:
    promotion = api.approved(ada, ben)
    promotion.withdraw(by=Actor.person(ada), reason="too early", now=timezone.now())
    with pytest.raises(Refused, match="withdrawn by now"):
        execute(promotion, ben)
    api.ask(ben)


def test_two_who_promote_at_once_start_one_operation(api: Api, ada: User, ben: User) -> None:
    promotion = api.approved(ada, ben)
    again = Promotion.objects.get(pk=promotion.pk)
    ends = at_once(lambda: execute(promotion, ada), lambda: execute(again, ben))
    assert ends.count("done") == 1
    assert "has started this promotion already" in next(end for end in ends if end != "done")
    assert Operation.objects.count() == 1


def test_two_who_approve_at_once_both_count(api: Api, ada: User, ben: User, cleo: User) -> None:
    promotion = api.ask(ada)
    again = Promotion.objects.get(pk=promotion.pk)
    assert at_once(lambda: approve(promotion, ben), lambda: approve(again, cleo)) == ["done"] * 2
    promotion = Promotion.objects.get(pk=promotion.pk)
    assert {each.by for each in promotion.counted()} == {"Ben", "Cleo"}


def test_approving_twice_at_once_counts_once(api: Api, ada: User, ben: User) -> None:
    promotion = api.ask(ada)
    again = Promotion.objects.get(pk=promotion.pk)
    ends = at_once(lambda: approve(promotion, ben), lambda: approve(again, ben))
    assert sorted(ends) == ["You have approved this plan already.", "done"]
