"""How the default branch is guarded at GitHub."""

from typing import Any

from django.db import models

from .project import Project

Source = dict[str, Any]


class BranchProtection(models.Model):
    """Classic protection and rulesets as they were read; either may be `{"unknown": why}`.

    `branch_checks` are the required checks that the branch itself tells to every reader, null where
    it does not. `gaps` counts what the policy asks for and GitHub does not. `is_due` asks for a
    reading before its time.
    """

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, related_name="protection", primary_key=True
    )
    classic: "models.JSONField[Source, Source]" = models.JSONField(default=dict)
    rules: "models.JSONField[Source, Source]" = models.JSONField(default=dict)
    branch_checks = models.JSONField(null=True)
    gaps = models.PositiveSmallIntegerField(default=0)
    is_due = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["project"]

    def __str__(self) -> str:
        return f"Protection of {self.project}"
