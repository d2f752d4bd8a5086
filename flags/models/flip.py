"""The history of the switches."""

from datetime import timedelta

from django.db import models

from agentmesh_release.core.leases import ClockTimestamp

from ..catalogue import WORDINGS, Position


class Flip(models.Model):
    """One change of a switch: who, what, why, and in how long its targets confirmed it.

    `number` counts the changes of one switch: what is written to targets is always the newest.
    """

    class Act(models.TextChoices):
        OFF = "off", "Turned off"
        ON = "on", "Turned on"
        MESSAGE = "message", "Message changed"

    switch = models.ForeignKey("flags.Switch", on_delete=models.CASCADE, related_name="flips")
    number = models.PositiveBigIntegerField()
    act = models.CharField(max_length=7, choices=Act)
    by = models.CharField(max_length=150)
    reason = models.TextField(blank=True)
    at = models.DateTimeField(db_default=ClockTimestamp())
    confirmed_at = models.DateTimeField(null=True)
    overtaken_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["switch", "number"], name="flip_number_once"),
            models.CheckConstraint(
                condition=models.Q(act__in=["off", "on", "message"]), name="flip_act_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(act="message") | ~models.Q(reason=""), name="flip_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at=None) | models.Q(overtaken_at=None),
                name="flip_confirmed_or_overtaken",
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def position(self) -> Position:
        """The words for where it brought the switch."""
        return WORDINGS[self.switch.key].position(is_off=self.act != self.Act.ON)

    @property
    def label(self) -> str:
        """What it did in a few words: "Database writes off"."""
        is_message = self.act == self.Act.MESSAGE
        return "Maintenance message changed" if is_message else self.position.label

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way to its targets."""
        return self.confirmed_at is None and self.overtaken_at is None

    @property
    def confirmed_in(self) -> timedelta | None:
        """How long until every target had confirmed it, in tenths of a second and never less than
        it was; None when they did not."""
        if self.confirmed_at is None:
            return None
        tenth = timedelta(seconds=0.1)
        return -(-(self.confirmed_at - self.at) // tenth) * tenth
