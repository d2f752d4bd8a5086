"""Deliveries: what reached production, as delivery metrics count it."""

from datetime import timedelta

from django.contrib.postgres.fields import ArrayField
from django.db import models

from .activation import Activation
from .project import Project


class Delivery(models.Model):
    """One deployment to production: derived from what happened (`metrics.deliveries`), and derived
    again at will.

    `failed_by` is empty for what did not fail; `broken_at` and `restored_at` are the ends of the
    failure, `restored_at` is None while it lasts. `rework` is empty for what was planned.
    `lead_counts` says how many commits have a lead time in each of `lead_buckets`
    (`metrics.lead_times`).
    """

    class Kind(models.TextChoices):
        CHANGE = "change", "Change"
        ROLLBACK = "rollback", "Rollback"

    class FailedBy(models.TextChoices):
        ROLLBACK = "rollback", "Rolled back"
        INCIDENT = "incident", "An incident began"

    class Rework(models.TextChoices):
        ROLLBACK = "rollback", "Rollback"
        REPAIR = "repair", "First change after a rollback"
        HOTFIX = "hotfix", "Change during an incident"

    activation = models.OneToOneField(
        Activation, on_delete=models.CASCADE, primary_key=True, related_name="delivery"
    )
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="deliveries")
    at = models.DateTimeField()
    kind = models.CharField(max_length=8, choices=Kind)
    rework = models.CharField(max_length=8, choices=Rework, blank=True)
    failed_by = models.CharField(max_length=8, choices=FailedBy, blank=True)
    cause = models.CharField(max_length=200, blank=True, help_text="The incident's name.")
    cause_url = models.CharField(max_length=200, blank=True)
    broken_at = models.DateTimeField(null=True)
    restored_at = models.DateTimeField(null=True)
    commits = models.PositiveIntegerField(default=0)
    lead_buckets: "ArrayField[list[int], list[int]]" = ArrayField(
        models.SmallIntegerField(), default=list
    )
    lead_counts: "ArrayField[list[int], list[int]]" = ArrayField(
        models.IntegerField(), default=list
    )

    class Meta:
        ordering = ["-at"]
        verbose_name_plural = "deliveries"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind__in=["change", "rollback"]), name="delivery_kind_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(failed_by="", broken_at=None)
                | models.Q(failed_by__in=["rollback", "incident"], broken_at__isnull=False),
                name="delivery_failed_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["at"], name="delivery_by_time"),
            models.Index(fields=["project", "at"], name="delivery_by_project"),
        ]

    def __str__(self) -> str:
        return str(self.activation)

    @property
    def hurt_for(self) -> timedelta | None:
        """How long its failure lasted; None while it lasts, or where there was none."""
        if self.broken_at is None or self.restored_at is None:
            return None
        return self.restored_at - self.broken_at
