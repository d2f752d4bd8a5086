"""What CI said of a commit."""

from django.db import models

from .project import Project


class CheckSummary(models.Model):
    """Check runs and statuses of one commit, as read at `read_at`.

    `outcome` is `providers.github` Outcome; `results` lists name, outcome and address.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="check_summaries")
    sha = models.CharField(max_length=64)
    outcome = models.CharField(max_length=10)
    results = models.JSONField(default=list)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha"], name="check_summary_once")
        ]

    def __str__(self) -> str:
        return f"{self.sha[:7]} {self.outcome}"

    @property
    def passed_count(self) -> int:
        return sum(1 for result in self.results if result["outcome"] == "passed")
