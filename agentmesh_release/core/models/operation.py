"""Long acts: an operation, its steps and its log. The engine that runs them is `operations`."""

from datetime import timedelta
from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from ..leases import Leased, LeasedQuerySet
from ..transitions import Stateful, from_to


class Operation(Stateful, Leased):
    """One long act on one environment, e.g. a promotion, with its frozen plan.

    `subject` names the row that it acts for (`promotion:7`), `environment` what it holds
    exclusively (`api/production`): one runs there, at most one more waits.
    """

    class State(models.TextChoices):
        QUEUED = "queued", "Waiting its turn"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Cancelled"
        SUPERSEDED = "superseded", "Taken over"

    ACTIVE: ClassVar = (State.QUEUED, State.RUNNING)
    TERMINAL: ClassVar = (State.DONE, State.FAILED, State.CANCELLED, State.SUPERSEDED)
    TRANSITIONS: ClassVar = {
        "start": from_to({State.QUEUED}, State.RUNNING),
        "finish": from_to({State.RUNNING}, State.DONE),
        "fail": from_to({State.RUNNING}, State.FAILED),
        "cancel": from_to({State.QUEUED, State.RUNNING}, State.CANCELLED),
        "supersede": from_to({State.QUEUED, State.RUNNING}, State.SUPERSEDED),
    }
    NOUN = "operation"

    kind = models.CharField(max_length=40)
    label = models.CharField(max_length=200)
    acts_for = models.CharField(max_length=120)
    scope = models.CharField(max_length=80, blank=True)
    environment = models.CharField(max_length=120)
    plan = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    requested_by = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    outcome = models.TextField(blank=True)
    cancel_asked_by = models.CharField(max_length=150, blank=True)
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["acts_for"], name="operation_by_subject"),
            models.Index(
                fields=["due_at"], condition=models.Q(state="running"), name="operation_due"
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["environment"],
                condition=models.Q(state="running"),
                name="operation_one_running",
            ),
            models.UniqueConstraint(
                fields=["environment"],
                condition=models.Q(state="queued"),
                name="operation_one_waiting",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["queued", "running", "done", "failed", "cancelled", "superseded"]
                ),
                name="operation_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def is_active(self) -> bool:
        return self.state in self.ACTIVE

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": self.label, "scope": self.scope, "environment": self.environment}

    def topics(self) -> tuple[str, ...]:
        return (self.subject, self.acts_for, f"project:{self.scope}", "overview")

    def note(self, step: str, text: str, state: str = "") -> None:
        """Add a line to the log that pages show; `state` colours it (`failed`, `warning`)."""
        LogLine.objects.create(operation=self, step=step, text=text, state=state)

    def current_step(self) -> "Step | None":
        """The first step that is not done, or None after the last."""
        return self.steps.exclude(state=Step.State.DONE).order_by("position").first()


class Step(models.Model):
    """One step of an operation: `data` and `reference` are what it keeps between attempts."""

    class State(models.TextChoices):
        PENDING = "pending", "To do"
        RUNNING = "running", "Running"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"
        CANCELLED = "cancelled", "Not done"

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="steps")
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=40)
    label = models.CharField(max_length=80)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    detail = models.TextField(blank=True)
    reference = models.CharField(max_length=200, blank=True)
    data: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["operation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["operation", "position"], name="step_position_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["pending", "running", "done", "failed", "cancelled"]),
                name="step_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.operation}: {self.label}"

    @property
    def took(self) -> timedelta | None:
        """How long it ran; None while it has not ended."""
        if self.started_at is None or self.ended_at is None:
            return None
        return self.ended_at - self.started_at


class LogLine(models.Model):
    """One line of an operation's log."""

    operation = models.ForeignKey(Operation, on_delete=models.CASCADE, related_name="log")
    at = models.DateTimeField(db_default=Now())
    step = models.CharField(max_length=40)
    text = models.TextField()
    state = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ["operation", "id"]

    def __str__(self) -> str:
        return f"{self.step}: {self.text}"
