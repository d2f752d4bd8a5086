"""Webhooks that others send us."""

from django.db import models

from ..leases import Leased, LeasedQuerySet


class IncomingWebhook(Leased):
    """One webhook as it arrived: its raw bytes, and what became of it.

    `delivery` is the sender's own id of it, the same when it is sent again. A *missed* one has
    not arrived (no `received_at`, no body): the sender was asked to send it again.
    """

    class State(models.TextChoices):
        WAITING = "waiting", "Waiting"
        APPLIED = "applied", "Applied"
        IGNORED = "ignored", "Ignored"
        FAILED = "failed", "Failed"
        MISSED = "missed", "Asked for again"

    source = models.CharField(max_length=20)
    delivery = models.CharField(max_length=100)
    event = models.CharField(max_length=100)
    about = models.CharField(max_length=200, blank=True, help_text="What it is about, owner/name.")
    body = models.BinaryField(default=b"")
    size = models.PositiveIntegerField(default=0, help_text="Of the body, bytes.")
    received_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=7, choices=State, default=State.WAITING)
    note = models.TextField(blank=True, help_text="What it led to, why not, or the error.")
    settled_at = models.DateTimeField(null=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state="waiting"),
                name="incoming_webhook_due",
            ),
            models.Index(fields=["source", "-received_at"], name="incoming_webhook_newest"),
            models.Index(fields=["state", "-id"], name="incoming_webhook_state"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["source", "delivery"], name="incoming_webhook_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "applied", "ignored", "failed", "missed"]),
                name="incoming_webhook_state_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.event} {self.delivery}"

    @property
    def shown_as(self) -> str:
        """The state whose outline and colour it has on pages."""
        return _SHOWN_AS[self.state]

    @property
    def can_be_replayed(self) -> bool:
        return self.state not in (self.State.WAITING, self.State.MISSED)


_SHOWN_AS = {
    "waiting": "waiting",
    "applied": "done",
    "ignored": "idle",
    "failed": "failed",
    "missed": "requested",
}


class WebhookRefusal(models.Model):
    """How many webhooks of one source were turned away for their signature. None is kept."""

    source = models.CharField(max_length=20, primary_key=True)
    count = models.PositiveBigIntegerField(default=0)
    last_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.source} {self.count}"
