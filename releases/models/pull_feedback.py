"""What GitHub is told about a pull request."""

from typing import Any, Self

from django.db import models

from agentmesh_release.core.leases import Leased, LeasedQuerySet

from .project import Project
from .pull_request import PullRequest


class PullFeedbackQuerySet(LeasedQuerySet):
    def to_tell(self) -> Self:
        """What GitHub is still to be told; not of closed ones, nor where nobody wants it."""
        return self.filter(
            state=PullFeedback.State.DUE,
            pull_request__state=PullRequest.State.OPEN,
            pull_request__project__reports_back=True,
            pull_request__project__archived_at=None,
        )

    def held_up(self, project: Project) -> Self:
        """What GitHub does not take."""
        return self.filter(pull_request__project=project).exclude(error="")


class PullFeedback(Leased):
    """Our word on a head commit: the newest replaces what was not told yet.

    `content` is what is to be said (`providers.github.Feedback`), of the commit `head_sha`. What
    GitHub refuses for good is `failed`, and said anew only when there is something else to say.
    """

    class State(models.TextChoices):
        DUE = "due", "Due"
        TOLD = "told", "Told"
        FAILED = "failed", "Refused"

    pull_request = models.OneToOneField(
        PullRequest, on_delete=models.CASCADE, related_name="feedback", primary_key=True
    )
    head_sha = models.CharField(max_length=64)
    content: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField()
    state = models.CharField(max_length=6, choices=State, default=State.DUE)
    error = models.TextField(blank=True)
    told_at = models.DateTimeField(null=True)

    objects = PullFeedbackQuerySet.as_manager()

    class Meta:
        ordering = ["pull_request"]
        indexes = [
            models.Index(fields=["due_at"], condition=models.Q(state="due"), name="feedback_due")
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["due", "told", "failed"]),
                name="feedback_state_is_known",
            )
        ]

    def __str__(self) -> str:
        return f"Feedback on {self.pull_request_id}: {self.state}"
