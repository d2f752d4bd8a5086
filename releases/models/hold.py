"""Holds: automation kept back from an environment until a person promotes again."""

from typing import Self

from django.db import models

from .environment import Environment
from .release import Release


class HoldQuerySet(models.QuerySet["Hold"]):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)


class Hold(models.Model):
    """Why nothing goes live by itself; `bad_sha` names the commit that was rolled back."""

    environment = models.ForeignKey(Environment, on_delete=models.CASCADE, related_name="holds")
    release = models.ForeignKey(Release, null=True, on_delete=models.SET_NULL, related_name="holds")
    bad_sha = models.CharField(max_length=64, blank=True)
    reason = models.TextField()
    by = models.CharField(max_length=150)
    since = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.CharField(max_length=150, blank=True)

    objects = HoldQuerySet.as_manager()

    class Meta:
        ordering = ["-since"]
        constraints = [
            models.UniqueConstraint(
                fields=["environment"], condition=models.Q(lifted_at=None), name="hold_one_standing"
            )
        ]

    def __str__(self) -> str:
        return f"Hold on {self.environment}"
