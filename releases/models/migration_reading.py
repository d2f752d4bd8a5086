"""What is known of a commit's migrations."""

from django.db import models

from .project import Project


class MigrationReading(models.Model):
    """The migrations of one commit against the app's database, as read at `read_at`.

    `migrations` lists name, checksum (SHA-256 of the SQL), state (FACTS 4) and phase, in order;
    `strangers` names migrations that the database has and the commit does not.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="migration_readings"
    )
    sha = models.CharField(max_length=64)
    migrations = models.JSONField(default=list)
    strangers = models.JSONField(default=list)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["-read_at"]
        constraints = [
            models.UniqueConstraint(fields=["project", "sha"], name="migration_reading_once")
        ]

    def __str__(self) -> str:
        return f"{len(self.migrations)} migrations at {self.sha[:7]}"
