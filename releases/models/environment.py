"""Environments: where builds of a project run."""

from django.db import models

from .project import Project


class Environment(models.Model):
    """Preview or production of one project; `domain` is what its users type.

    `assigns_by_itself` is whether Vercel gives a finished build the production domain by itself,
    past every gate (None: never read).
    """

    class Kind(models.TextChoices):
        PREVIEW = "preview", "Preview"
        PRODUCTION = "production", "Production"

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="environments")
    kind = models.CharField(max_length=10, choices=Kind)
    domain = models.CharField(max_length=250, blank=True)
    assigns_by_itself = models.BooleanField(null=True)
    assignment_read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["project", "kind"], name="environment_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["preview", "production"]),
                name="environment_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.project} {self.kind}"

    @property
    def key(self) -> str:
        """What an operation holds exclusively, e.g. `api/production`."""
        return f"{self.project.slug}/{self.kind}"
