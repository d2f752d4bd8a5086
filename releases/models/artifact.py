"""Artifacts: what CI and other programs send about a commit."""

from typing import Any, Self

from django.db import models
from django.db.models.functions import Now

from .project import Project


class ArtifactQuerySet(models.QuerySet["Artifact"]):
    def with_bodies(self) -> Self:
        """With the bytes, which stay in the database otherwise."""
        return self.defer(None)


class ArtifactManager(models.Manager["Artifact"]):
    def get_queryset(self) -> models.QuerySet["Artifact"]:
        return super().get_queryset().defer("body")


class Artifact(models.Model):
    """A report, build output or file about one commit of a project, as it was received.

    `summary` and `figures` are what `reports.read` made of it, `problems` what a person should know
    of it, in sentences. `digest` is the SHA-256 of the body in hex, `size` its length in bytes. Of
    several that have kind, commit and name in common the newest counts.
    """

    class Kind(models.TextChoices):
        TESTS = "tests", "Tests"
        SECURITY = "security", "Security scan"
        BUNDLE = "bundle", "Bundle"
        PERFORMANCE = "performance", "Performance"
        MIGRATIONS = "migrations", "Migrations"
        FRONTEND_BUILD = "frontend-build", "Frontend build"
        BACKEND_BUILD = "backend-build", "Backend build"
        FILE = "file", "File"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="artifacts")
    commit_sha = models.CharField(max_length=64)
    kind = models.CharField(max_length=20, choices=Kind)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=120)
    body = models.BinaryField()
    digest = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    summary: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    figures: "models.JSONField[dict[str, float], dict[str, float]]" = models.JSONField(default=dict)
    problems: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    run_url = models.CharField(max_length=500, blank=True)
    sent_by = models.CharField(max_length=150)
    received_at = models.DateTimeField(db_default=Now())

    objects = ArtifactManager.from_queryset(ArtifactQuerySet)()

    class Meta:
        base_manager_name = "objects"
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=[
                        "tests",
                        "security",
                        "bundle",
                        "performance",
                        "migrations",
                        "frontend-build",
                        "backend-build",
                        "file",
                    ]
                ),
                name="artifact_kind_is_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["project", "commit_sha", "kind", "name", "-id"],
                name="artifact_by_commit",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.commit_sha[:7]}"
