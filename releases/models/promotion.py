"""Promotions: a release on its way to production."""

from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from agentmesh_release.core import audit, gates, live, operations
from agentmesh_release.core.access import one_of, who_may
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.gates import Checklist
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.transitions import from_to

from ..production.plans import plan_hash, plan_of
from .carried_out import CarriedOut
from .environment import Environment
from .project import Project
from .release import Release

if TYPE_CHECKING:
    from .approval import Approval

BEFORE = "before"
AFTER = "after"


class PromotionQuerySet(models.QuerySet["Promotion"]):
    def active(self) -> Self:
        return self.filter(state__in=Promotion.ACTIVE)

    def requested(self) -> Self:
        return self.filter(state=Promotion.State.REQUESTED)


class Promotion(CarriedOut):
    """A release asked for, approved, and put live by an operation.

    `checklist` is the gates as last evaluated, for pages; `decided` is the evidence frozen at the
    press of Promote. Both are `Checklist.as_json`.
    """

    class State(models.TextChoices):
        REQUESTED = "requested", "Waiting for approval"
        RUNNING = "running", "Being promoted"
        LIVE = "live", "Promoted"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Taken over"
        WITHDRAWN = "withdrawn", "Withdrawn"

    ACTIVE: ClassVar = (State.REQUESTED, State.RUNNING)
    TERMINAL: ClassVar = (
        State.LIVE,
        State.FAILED,
        State.CANCELLED,
        State.SUPERSEDED,
        State.WITHDRAWN,
    )
    TRANSITIONS: ClassVar = {
        "replan": from_to({State.REQUESTED}, State.REQUESTED),
        "approve": from_to({State.REQUESTED}, State.REQUESTED),
        "execute": from_to({State.REQUESTED}, State.RUNNING),
        "withdraw": from_to({State.REQUESTED}, State.WITHDRAWN),
        "complete": from_to({State.RUNNING}, State.LIVE),
        "fail": from_to({State.RUNNING}, State.FAILED),
        "cancel": from_to({State.RUNNING}, State.CANCELLED),
        "supersede": from_to({State.RUNNING}, State.SUPERSEDED),
    }
    NOUN = "promotion"
    KIND = "promotion"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="promotions")
    environment = models.ForeignKey(
        Environment, on_delete=models.CASCADE, related_name="promotions"
    )
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    requester = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(db_default=Now())
    reason = models.TextField(blank=True)
    plan_hash = models.CharField(max_length=64)
    checklist: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    decided: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    executed_by = models.CharField(max_length=150, blank=True)
    executed_at = models.DateTimeField(null=True)

    objects = PromotionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["release", "environment"],
                condition=models.Q(state__in=["requested", "running"]),
                name="promotion_one_active",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=[
                        "requested",
                        "running",
                        "live",
                        "failed",
                        "cancelled",
                        "superseded",
                        "withdrawn",
                    ]
                ),
                name="promotion_state_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["release", "-id"], name="promotion_by_release"),
            models.Index(
                fields=["environment"],
                condition=models.Q(state__in=["requested", "running"]),
                name="promotion_active",
            ),
        ]

    def __str__(self) -> str:
        return str(self.release)

    @property
    def is_requested(self) -> bool:
        return self.state == self.State.REQUESTED

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    # Asking

    @classmethod
    def ask(
        cls, release: Release, environment: Environment, *, by: Actor, reason: str = ""
    ) -> Self:
        """Ask for that release in that environment.

        Raises Refused: `asked_already` while one is asked for or under way, `withdrawn`.
        """
        with operations.environment_lock(environment.key):
            Project.objects.get(pk=environment.project_id).refuse_archived()
            release.refresh_from_db(fields=["state"])
            release.refuse_withdrawn()
            if cls.objects.active().filter(release=release, environment=environment).exists():
                raise Refused(
                    "asked_already", f"{release} is asked for already; its checklist is below."
                )
            plan = plan_of(release, environment)
            promotion = cls.objects.create(
                release=release,
                environment=environment,
                requester_id=by.user_id,
                requested_by=by.name,
                reason=reason,
                plan=plan,
                plan_hash=plan_hash(plan),
            )
            audit.record(
                "promotion.ask",
                actor=by,
                subject=promotion.subject,
                reason=reason,
                data={"plan": plan, "plan_hash": promotion.plan_hash},
                **promotion.audit_place,
            )
            live.stale(*promotion.topics())
        return promotion

    def withdraw(self, *, by: Actor, reason: str, now: datetime) -> None:
        """Take the request back. Raises Refused (`not_now`)."""
        with self.door() as promotion:
            promotion.move("withdraw", actor=by, reason=reason, outcome=reason, ended_at=now)

    def replan(self, *, by: Actor) -> bool:
        """Bring the plan up to date; answers whether it changed, which voids its approvals.

        Whoever last changed the plan does not count as an approver.
        """
        with self.door() as promotion:
            plan = plan_of(promotion.release, promotion.environment)
            fresh = plan_hash(plan)
            if not promotion.is_requested or fresh == promotion.plan_hash:
                return False
            promotion.move(
                "replan",
                actor=by,
                plan=plan,
                plan_hash=fresh,
                data={"plan": plan, "plan_hash": fresh, "before": promotion.plan_hash},
                requester_id=by.user_id or promotion.requester_id,
            )
        return True

    # Approving

    def counted(self) -> "list[Approval]":
        """Approvals of the present plan by others than the requester, one a person."""
        return [
            approval
            for approval in self.approvals.all()
            if approval.plan_hash == self.plan_hash and approval.user_id != self.requester_id
        ]

    def approvals_missing(self) -> int:
        return max(0, self.environment.project.approvals_required - len(self.counted()))

    def approve(self, *, by: Actor, plan_hash: str, comment: str, now: datetime) -> None:
        """Say yes to the plan of that hash.

        Raises Refused: `own_approval`, `plan_changed`, `approved_already`, `no_build`, `not_now`.
        """
        with self.door() as promotion:
            promotion._guard_approval(by, plan_hash)
            checklist = promotion.evaluate(now)
            promotion.approvals.create(
                user_id=by.user_id,
                by=by.name,
                plan_hash=plan_hash,
                comment=comment,
                checklist=checklist.as_json(),
            )
            promotion.move(
                "approve",
                actor=by,
                reason=comment,
                checklist=promotion.evaluate(now).as_json(),
                data={"plan_hash": plan_hash, "checklist": checklist.as_json()},
            )

    def _guard_approval(self, by: Actor, shown_hash: str) -> None:
        if not self.is_requested:
            raise Refused("not_now", self.not_now("approve"))
        if by.user_id is None or by.user_id == self.requester_id:
            others = who_may("promotion.approve", self.scope, but=self.requester_id)
            raise Refused(
                "own_approval",
                "You asked for this promotion, so someone else has to approve it. "
                f"{one_of(others) if others else 'Nobody else'} may.",
            )
        self._guard_plan(shown_hash)
        if not self.plan["build"]:
            raise Refused(
                "no_build", "There is no finished production build of this commit to approve yet."
            )
        if any(approval.user_id == by.user_id for approval in self.counted()):
            raise Refused("approved_already", "You have approved this plan already.")

    def _guard_plan(self, shown_hash: str) -> None:
        current = plan_hash(plan_of(self.release, self.environment))
        if not shown_hash == self.plan_hash == current:
            raise Refused(
                "plan_changed",
                "The plan has changed since this page was shown; approvals of the old one do not "
                "count. Look at it again, then decide.",
            )

    # Going live

    def evaluate(self, now: datetime, phase: str = BEFORE) -> Checklist:
        """Ask the gates of that phase about this promotion, from what is known locally."""
        return gates.evaluate(phase, self, now)

    def execute(self, *, by: Actor, plan_hash: str, reason: str, now: datetime) -> None:
        """Start the operation that puts it live.

        Raises Refused: `gates_block` with what blocks, `plan_changed`, `not_now` when somebody was
        quicker, `environment_busy`.
        """
        with operations.environment_lock(self.environment.key), self.door() as promotion:
            if not promotion.is_requested:
                raise Refused("not_now", promotion._too_late())
            Project.objects.get(pk=self.environment.project_id).refuse_archived()
            promotion._guard_plan(plan_hash)
            checklist = promotion.evaluate(now)
            if not checklist.is_clear:
                raise Refused("gates_block", checklist.refusal)
            operation = operations.start(
                promotion.request(f"Promote {promotion}", by=by, reason=reason)
            )
            promotion.move(
                "execute",
                actor=by,
                reason=reason,
                executed_by=by.name,
                executed_at=now,
                operation_id=operation.pk,
                decided=checklist.as_json(),
                checklist=checklist.as_json(),
                data={"plan_hash": plan_hash, "checklist": checklist.as_json()},
            )

    def _too_late(self) -> str:
        if self.is_running:
            return (
                f"{self.executed_by} has started this promotion already; its steps are shown here."
            )
        return self.not_now("promote")

    def cancel(self, *, by: Actor, reason: str) -> None:
        """Stop the running operation between steps. Raises Refused (`not_now`)."""
        if self.operation is None or not self.is_running:
            raise Refused("not_now", self.not_now("cancel"))
        operations.cancel(self.operation, by=by, reason=reason)
