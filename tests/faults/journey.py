"""One project between trunk and production, in this process, with a sandbox process beside it."""

import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation, Step, User
from incidents import readings
from releases.models import Activation, Environment, Hold, Project, Promotion, Release, Rollback
from releases.production.checklists import gather
from tests.sandbox.running import Running, eventually

LONG_AGO = "2000-01-01T00:00:00+00:00"
TURNS = 200


@dataclass
class Journey:
    """`old` is live and `new` could be; the people do what the pages let them do."""

    sandbox: Running
    project: Project
    old: Release
    new: Release
    ada: User
    ben: User
    cleo: User

    @property
    def production(self) -> Environment:
        return self.project.environments.get(kind=Environment.Kind.PRODUCTION)

    # What people do

    def promote(self, release: Release | None = None) -> Operation:
        """Ada asks, Ben approves and promotes; answers the operation as it started."""
        return execute(self, self.approved(release))

    def approved(self, release: Release | None = None) -> Promotion:
        release = release or self.new
        active = Promotion.objects.active().filter(release=release).first()
        promotion = active or Promotion.ask(release, self.production, by=Actor.person(self.ada))
        gather(release)
        readings.read(self.project, timezone.now())
        promotion.replan(by=Actor.system("checklists"))
        promotion.approve(
            by=Actor.person(self.ben),
            plan_hash=promotion.plan_hash,
            comment="",
            now=timezone.now(),
        )
        return promotion

    def roll_back(self, to: Release | None = None) -> Operation:
        """Cleo rolls back; answers the operation as it started."""
        rollback = Rollback.start(
            to or self.old,
            self.production,
            by=Actor.person(self.cleo),
            reason="errors",
            now=timezone.now(),
        )
        assert rollback.operation is not None
        return rollback.operation

    # What workers do

    def work(self, operation: Operation, turns: int = TURNS) -> Operation:
        """Run it to its end as workers would, without waiting for what only takes time."""
        for _ in range(turns):
            hasten(operation)
            operations.run(operation.pk)
            operation.refresh_from_db()
            if not operation.is_active:
                return operation
            time.sleep(0.02)
        raise AssertionError(f"{operation} does not end: {states(operation)}")

    # What is so

    def shown(self) -> str:
        """The build that the production domain shows."""
        return str(self.sandbox.get(f"/vercel/v4/aliases/{self.production.domain}")["deploymentId"])

    def moves(self, since: int = 0) -> list[str]:
        """The effective moves of the domain: what was done, and to which build."""
        events = self.sandbox.journal(project=self.project.slug, vendor="vercel", since=str(since))
        kinds = ("promoted", "rolled_back", "auto_assigned")
        return [f"{each['kind']} {_to(each)}" for each in events if each["kind"] in kinds]

    def journal_end(self) -> int:
        return max((each["id"] for each in self.sandbox.journal()), default=0)

    def build(self, release: Release) -> str:
        """Vercel's id of the first build of that release."""
        builds = self.project.deployments.filter(sha=release.commit_sha, target="production")
        return str(builds.order_by("created_at").values_list("vercel_id", flat=True)[0])

    def live(self) -> Activation:
        return Activation.objects.live().get(environment=self.production)

    def hold(self) -> Hold | None:
        return Hold.objects.standing().filter(environment=self.production).first()

    def vercel_is_done(self) -> None:
        """Return when Vercel has done what it was asked for."""
        path = f"/vercel/v9/projects/{self.project.vercel_project_id}"
        eventually(lambda: _is_over(self.sandbox.get(path)["lastAliasRequest"]))

    def fault(self, kind: str, provider: str = "vercel", **more: object) -> None:
        self.sandbox.act("faults", provider=provider, kind=kind, **more)

    def heal(self) -> None:
        self.sandbox.act("faults/clear")


def execute(journey: Journey, promotion: Promotion) -> Operation:
    """Ben presses Promote; answers the operation as it started."""
    press_promote(journey, promotion)
    assert promotion.operation is not None
    return promotion.operation


def press_promote(journey: Journey, promotion: Promotion) -> None:
    promotion.execute(
        by=Actor.person(journey.ben),
        plan_hash=promotion.plan_hash,
        reason="launch",
        now=timezone.now(),
    )


def hasten(operation: Operation) -> None:
    """Let time pass: what waits is due, and what had to stay quiet has."""
    Operation.objects.filter(pk=operation.pk, lease_until=None).update(due_at=LONG_AGO)
    for step in Step.objects.filter(operation=operation, data__quiet_since__isnull=False):
        if step.data["quiet_since"]:
            step.data["quiet_since"] = LONG_AGO
            step.save(update_fields=["data"])


def lose_lease(operation: Operation) -> None:
    """Whoever was at it is dead or frozen, and its lease has run out."""
    Operation.objects.filter(pk=operation.pk).update(lease_until=LONG_AGO, due_at=LONG_AGO)


def states(operation: Operation) -> dict[str, str]:
    return {
        step.name: f"{step.state} {step.detail}".strip()
        for step in operation.steps.order_by("position")
    }


def _is_over(request: Any) -> bool:
    return not request or request["jobStatus"] not in ("pending", "in-progress")


def _to(event: dict[str, Any]) -> str:
    return str(event["detail"].get("to") or event["detail"].get("deployment"))
