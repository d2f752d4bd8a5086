"""Whether GitHub's webhooks of a repository reach us."""

from django.db import models


class RepositoryHook(models.Model):
    """What GitHub's own log says of the webhook that leads here, as read at `checked_at`.

    `sentence` says why it is not reaching. Attempts up to `seen_until` have been looked through.
    """

    class State(models.TextChoices):
        REACHING = "reaching", "Reaching"
        FAILING = "failing", "Failing"
        MISSING = "missing", "Not set up"
        UNKNOWN = "unknown", "Unknown"

    repository = models.CharField(max_length=200, unique=True)
    state = models.CharField(max_length=8, choices=State)
    sentence = models.TextField(blank=True)
    checked_at = models.DateTimeField()
    seen_until = models.DateTimeField(null=True)

    class Meta:
        ordering = ["repository"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["reaching", "failing", "missing", "unknown"]),
                name="repository_hook_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"{self.repository} {self.state}"

    @property
    def shown_as(self) -> str:
        """The state whose outline and colour it has on pages."""
        return _SHOWN_AS[self.state]


_SHOWN_AS = {"reaching": "live", "failing": "failed", "missing": "idle", "unknown": "inconclusive"}
