"""Rollbacks: back to a build that was live before."""

from datetime import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models.functions import Now

from agentmesh_release.core import audit, events, live, operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.transitions import from_to

from ..production.left_open import left_open
from .activation import Activation
from .carried_out import CarriedOut
from .deployment import Deployment
from .environment import Environment
from .release import Release


class Rollback(CarriedOut):
    """Going back to `release`; it asks no gate, freeze or approval, and takes over what runs."""

    class State(models.TextChoices):
        RUNNING = "running", "Rolling back"
        DONE = "done", "Rolled back"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Taken over"

    ACTIVE: ClassVar = (State.RUNNING,)
    TERMINAL: ClassVar = (State.DONE, State.FAILED, State.CANCELLED, State.SUPERSEDED)
    TRANSITIONS: ClassVar = {
        "complete": from_to({State.RUNNING}, State.DONE),
        "fail": from_to({State.RUNNING}, State.FAILED),
        "cancel": from_to({State.RUNNING}, State.CANCELLED),
        "supersede": from_to({State.RUNNING}, State.SUPERSEDED),
    }
    NOUN = "rollback"
    KIND = "rollback"

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="rollbacks")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="rollbacks")
    bad_release = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="rolled_back_by"
    )
    bad_sha = models.CharField(max_length=64, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(db_default=Now())
    reason = models.TextField()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["running", "done", "failed", "cancelled", "superseded"]
                ),
                name="rollback_state_is_known",
            )
        ]
        indexes = [models.Index(fields=["environment", "-id"], name="rollback_by_environment")]

    def __str__(self) -> str:
        return f"{self.release.project} back to {self.release.tag}"

    @property
    def is_running(self) -> bool:
        return self.state == self.State.RUNNING

    @classmethod
    def start(
        cls, release: Release, environment: Environment, *, by: Actor, reason: str, now: datetime
    ) -> Self:
        """Roll back to that release at once, taking over whatever runs there.

        Raises Refused: `no_build` when Vercel has no build of it to go back to, `live_already`,
        `rolling_back_already`.
        """
        with operations.environment_lock(environment.key):
            build = cls._build(release)
            leaving = cls._leaving(release, environment)
            plan = {"build": build.vercel_id, "commit": build.sha, "environment": environment.key}
            rollback = cls.objects.create(
                environment=environment,
                release=release,
                requested_by=by.name,
                reason=reason,
                plan=plan,
                **leaving,
            )
            audit.record(
                "rollback.start",
                actor=by,
                subject=rollback.subject,
                reason=reason,
                data={"plan": plan},
                **rollback.audit_place,
            )
            rollback.operation = operations.take_over(
                rollback.request(f"Roll {rollback}", by=by, reason=reason)
            )
            rollback.save(update_fields=["operation"])
            events.publish("rollback.started", rollback.told(now))
            live.stale(*rollback.topics())
        return rollback

    @staticmethod
    def _build(release: Release) -> Deployment:
        build = (
            Deployment.objects.rollback_candidates()
            .filter(project=release.project_id, sha=release.commit_sha)
            .order_by("-created_at")
            .first()
        )
        if build is None:
            raise Refused(
                "no_build",
                f"Vercel has no build of {release.tag} that was live before, so there is nothing "
                "to go back to.",
            )
        return build

    @classmethod
    def _leaving(cls, release: Release, environment: Environment) -> dict[str, Any]:
        """The release and commit that this rollback leaves: what runs, or may still come of what
        ended unseen, else what is live."""
        running = cls.objects.filter(environment=environment, state=cls.State.RUNNING).first()
        if running and running.release_id == release.pk:
            raise Refused(
                "rolling_back_already",
                f"{running.requested_by} is rolling back to {release.tag} already.",
            )
        moving = Operation.objects.filter(
            environment=environment.key, state__in=Operation.ACTIVE
        ).first()
        live_now = Activation.objects.live().filter(environment=environment).first()
        if moving is None and live_now:
            moving = left_open(environment, live_now.since)
        if live_now and live_now.sha == release.commit_sha and moving is None:
            raise Refused("live_already", f"{release.tag} is live already.")
        if moving and moving.plan.get("commit") and moving.kind != cls.KIND:
            bad = Release.objects.filter(
                project=release.project_id, commit_sha=moving.plan["commit"]
            ).first()
            return {"bad_release": bad, "bad_sha": moving.plan["commit"]}
        if live_now:
            return {"bad_release": live_now.release, "bad_sha": live_now.sha}
        return {}

    def told(self, now: datetime) -> dict[str, Any]:
        """What the events of this rollback carry."""
        return {
            "rollback": self.pk,
            "scope": self.release.project.slug,
            "project": str(self.release.project),
            "to": self.release.tag,
            "from": self.bad_release.tag if self.bad_release else self.bad_sha[:7],
            "by": self.requested_by,
            "reason": self.reason,
            "at": now.isoformat(),
        }
