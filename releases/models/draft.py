"""The living draft: what the next release would be."""

from typing import Any

from django.db import models

from .project import Project
from .release import Release


class Draft(models.Model):
    """The next release of a project as its unreleased commits make it, computed when they change.

    `version` is empty when nothing asks for a release; `notes` says why in sentences. `validation`
    is what the gates of cutting said of `validated_sha` (`Checklist.as_json`), for pages.
    """

    project = models.OneToOneField(Project, on_delete=models.CASCADE, related_name="draft")
    base = models.ForeignKey(Release, null=True, on_delete=models.SET_NULL, related_name="+")
    head_sha = models.CharField(max_length=64, blank=True)
    version = models.CharField(max_length=250, blank=True)
    bump = models.CharField(max_length=5, blank=True)
    notes = models.JSONField(default=list)
    changelog: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    commit_count = models.PositiveIntegerField(default=0)
    needs_flags: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    flag_readings: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(
        default=dict
    )
    waits_for = models.TextField(blank=True)
    computed_at = models.DateTimeField()
    validation: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    validated_sha = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["project"]

    def __str__(self) -> str:
        return f"{self.project} {self.version or 'draft'}"
