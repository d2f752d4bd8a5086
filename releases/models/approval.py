"""Approvals."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from .promotion import Promotion


class Approval(models.Model):
    """One person's yes to one plan, with the checklist as it was then.

    It binds to `plan_hash`: for a changed plan it does not count (DESIGN, invariant 6).
    """

    promotion = models.ForeignKey(Promotion, on_delete=models.CASCADE, related_name="approvals")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by = models.CharField(max_length=150)
    plan_hash = models.CharField(max_length=64)
    comment = models.TextField(blank=True)
    checklist: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["at"]
        constraints = [
            models.UniqueConstraint(
                fields=["promotion", "user", "plan_hash"], name="approval_once_a_person_and_plan"
            )
        ]

    def __str__(self) -> str:
        return f"{self.by} approved {self.promotion}"
