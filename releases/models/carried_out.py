"""What is decided by a person and carried out by an operation."""

from typing import Any, ClassVar

from django.db import models, transaction

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation
from agentmesh_release.core.transitions import Stateful

from .environment import Environment
from .release import Release

ENDS = {"done": "complete", "failed": "fail", "cancelled": "cancel", "superseded": "supersede"}


class CarriedOut(Stateful):
    """Moves a `release` in an `environment`; it ends as its operation does.

    `KIND` is the operation's kind; `outcome` says in a sentence how it ended.
    """

    KIND: ClassVar[str]
    release: "models.ForeignKey[Release, Release]"
    environment: "models.ForeignKey[Environment, Environment]"
    plan: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    operation = models.ForeignKey(Operation, null=True, on_delete=models.SET_NULL, related_name="+")
    outcome = models.TextField(blank=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True

    @property
    def scope(self) -> str:
        return self.release.project.slug

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": str(self), "scope": self.scope, "environment": self.environment.key}

    def topics(self) -> tuple[str, ...]:
        return (self.subject, *self.release.topics())

    def request(self, label: str, *, by: Actor, reason: str) -> operations.Request:
        """The operation to ask for, which carries out the plan; `label` says what it does."""
        return operations.Request(
            kind=self.KIND,
            label=label,
            acts_for=self.subject,
            environment=self.environment.key,
            requested_by=by,
            scope=self.scope,
            reason=reason,
            plan=self.plan,
        )

    def end(self, operation: Operation) -> None:
        """Follow the end of the operation; in its transaction."""
        with transaction.atomic(), self.door() as locked:
            locked.move(
                ENDS[operation.state],
                actor=Actor.system("operations"),
                reason=operation.outcome,
                outcome=operation.outcome,
                ended_at=operation.ended_at,
            )
