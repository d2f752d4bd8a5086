"""Domain events and what still has to react to them (the outbox)."""

import uuid

from django.db import models
from django.db.models.functions import Now

from ..leases import Leased, LeasedQuerySet


class Event(models.Model):
    """Something that happened, e.g. `switch.flipped`; published with the change it tells of."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name


class Reaction(Leased):
    """One subscriber's duty to react to one event, done once."""

    class State(models.TextChoices):
        DUE = "due", "Due"
        DONE = "done", "Done"
        FAILED = "failed", "Failed"

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="reactions")
    subscriber = models.CharField(max_length=120)
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="reaction_due")
        ]
        constraints = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="reaction_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["due", "done", "failed"]),
                name="reaction_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subscriber} on {self.event}"
