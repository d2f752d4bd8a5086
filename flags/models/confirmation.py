"""What each target says about each switch."""

from typing import ClassVar, Self

from django.db import models

from agentmesh_release.core.leases import Leased, LeasedQuerySet

from .target import Target


class ConfirmationQuerySet(LeasedQuerySet):
    def owed(self) -> Self:
        """Where the target has yet to confirm the newest flip."""
        return self.filter(state=Confirmation.State.OWED)


class Confirmation(Leased):
    """One switch at one target: what it has to say, what it said when it was read last.

    While `owed`, the row is a queue entry: whoever holds its lease writes and reads back, until
    the target says what flip `number` wants. `value` is the last reading, None before the first
    and when the target has no such row; `error` is why the last try brought no reading.
    """

    class State(models.TextChoices):
        OWED = "owed", "To be written"
        SETTLED = "settled", "Settled"

    switch = models.ForeignKey(
        "flags.Switch", on_delete=models.CASCADE, related_name="confirmations"
    )
    target = models.ForeignKey(Target, on_delete=models.CASCADE, related_name="confirmations")
    state = models.CharField(max_length=7, choices=State, default=State.SETTLED)
    number = models.PositiveBigIntegerField(default=0)
    value = models.JSONField(null=True)
    read_at = models.DateTimeField(null=True)
    agrees = models.BooleanField(default=False)
    differs_since = models.DateTimeField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    objects: ClassVar[ConfirmationQuerySet] = ConfirmationQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        ordering = ["target_id", "switch_id"]
        indexes = [
            models.Index(
                fields=["due_at"], condition=models.Q(state="owed"), name="confirmation_due"
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["switch", "target"], name="confirmation_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["owed", "settled"]),
                name="confirmation_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(agrees=False) | models.Q(read_at__isnull=False),
                name="confirmation_agrees_by_reading",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.switch} at {self.target}"

    @property
    def is_owed(self) -> bool:
        return self.state == self.State.OWED
