"""What is read from a provider again and again."""

from django.db import models

from ..leases import Leased, LeasedQuerySet


class Poll(Leased):
    """One thing to read regularly, e.g. `vercel` for one project.

    `last_ok_at` is how old what we know is; `last_error` is empty after a reading that worked.
    """

    kind = models.CharField(max_length=40)
    scope = models.CharField(max_length=250, blank=True)
    wished_s = models.FloatField(default=0, help_text="How often it should be read, seconds.")
    every_s = models.FloatField(default=0, help_text="How often it is read now, seconds.")
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.TextField(blank=True)

    objects = LeasedQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "scope"]
        indexes = [models.Index(fields=["due_at"], name="poll_due")]
        constraints = [models.UniqueConstraint(fields=["kind", "scope"], name="poll_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.scope}".strip()
