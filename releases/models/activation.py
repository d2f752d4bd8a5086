"""Activations: what was live where, from when to when, and by whom."""

from typing import Self

from django.db import models

from .environment import Environment
from .release import Release


class ActivationQuerySet(models.QuerySet["Activation"]):
    def live(self) -> Self:
        """What is live now."""
        return self.filter(until=None)

    def live_in(self, environment: Environment) -> "Activation | None":
        """What is live there now, with its release."""
        return (
            self.live()
            .filter(environment=environment)
            .select_related("release", "environment")
            .defer("release__changelog")
            .first()
        )


class Activation(models.Model):
    """One build being live in one environment.

    `origin` says how it came to be: by a promotion or rollback of ours, found at import, or
    outside AgentMesh Release (DESIGN, invariant 7); the last holds automation until adopted.
    """

    class Origin(models.TextChoices):
        PROMOTION = "promotion", "Promoted"
        ROLLBACK = "rollback", "Rolled back to"
        FOUND = "found", "Found live"
        OUTSIDE = "outside", "Went live outside AgentMesh Release"

    environment = models.ForeignKey(
        Environment, on_delete=models.CASCADE, related_name="activations"
    )
    release = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="activations"
    )
    vercel_id = models.CharField(max_length=80)
    sha = models.CharField(max_length=64, blank=True)
    origin = models.CharField(max_length=9, choices=Origin)
    by = models.CharField(max_length=150, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True)
    adopted_by = models.CharField(max_length=150, blank=True)
    adopted_at = models.DateTimeField(null=True)

    objects = ActivationQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment"], condition=models.Q(until=None), name="activation_one_live"
            ),
            models.CheckConstraint(
                condition=models.Q(origin__in=["promotion", "rollback", "found", "outside"]),
                name="activation_origin_is_known",
            ),
        ]
        indexes = [
            models.Index(fields=["environment", "-since"], name="activation_by_time"),
            models.Index(fields=["release", "-since"], name="activation_by_release"),
        ]

    def __str__(self) -> str:
        return f"{self.release or self.sha[:7] or self.vercel_id} in {self.environment}"

    @property
    def is_outside(self) -> bool:
        """Whether no operation of ours explains it and nobody has adopted it."""
        return self.origin == self.Origin.OUTSIDE and self.adopted_at is None

    @property
    def name(self) -> str:
        """What people call it: the release's tag, else the commit, else the build."""
        return self.release.tag if self.release else self.sha[:7] or self.vercel_id
