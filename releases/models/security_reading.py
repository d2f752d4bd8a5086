"""What GitHub's security features say of a project."""

from typing import Any

from django.db import models

from .project import Project


class SecurityReading(models.Model):
    """The open alerts of one source in one project, as read at `read_at`.

    Where `why` says why they cannot be read, nothing is known: that is no clean repository.
    `alerts` lists the newest (number, summary, severity, url, created_at), `open_count` counts all
    that were read, `may_be_cut` is true where GitHub has more.
    """

    class Source(models.TextChoices):
        CODE_SCANNING = "code-scanning", "Code scanning"
        DEPENDABOT = "dependabot", "Dependabot"
        SECRET_SCANNING = "secret-scanning", "Secret scanning"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="security_readings")
    source = models.CharField(max_length=20, choices=Source)
    why = models.TextField(blank=True)
    open_count = models.PositiveIntegerField(default=0)
    may_be_cut = models.BooleanField(default=False)
    severities: "models.JSONField[dict[str, int], dict[str, int]]" = models.JSONField(default=dict)
    alerts: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["source"]
        constraints = [
            models.UniqueConstraint(fields=["project", "source"], name="security_reading_once"),
            models.CheckConstraint(
                condition=models.Q(source__in=["code-scanning", "dependabot", "secret-scanning"]),
                name="security_reading_source_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_source_display()} of {self.project}"
