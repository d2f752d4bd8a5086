"""Pull requests."""

from django.db import models

from .project import Project


class PullRequest(models.Model):
    """A pull request as GitHub last showed it."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        MERGED = "merged", "Merged"
        CLOSED = "closed", "Closed"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="pull_requests")
    number = models.PositiveIntegerField()
    title = models.TextField()
    author = models.CharField(max_length=150, blank=True)
    state = models.CharField(max_length=6, choices=State)
    head_sha = models.CharField(max_length=64)
    url = models.URLField(max_length=500)
    created_at = models.DateTimeField()
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="pull_request_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "merged", "closed"]),
                name="pull_request_state_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project"], condition=models.Q(state="open"), name="pull_request_open"
            )
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}"
