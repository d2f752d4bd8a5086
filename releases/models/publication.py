"""How a release was published at GitHub: the evidence, the facts and the files."""

from typing import Any

from django.db import models

from agentmesh_release.core.models import Operation


class Publication(models.Model):
    """What belongs to publishing one release; the release's own state says how far that is.

    `operation` is the last one, whether it published or withdrew. `validation` is the gates of
    cutting as the operation found them (`Checklist.as_json`), `manifest` what `release.json` says,
    frozen once. `files` are name, size, digest (SHA-256 in hex) and address of what is attached.
    """

    release = models.OneToOneField(
        "releases.Release", on_delete=models.CASCADE, related_name="publication"
    )
    operation = models.ForeignKey(Operation, null=True, on_delete=models.SET_NULL, related_name="+")
    validation: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    manifest: "models.JSONField[dict[str, Any], dict[str, Any]]" = models.JSONField(default=dict)
    page_url = models.CharField(max_length=500, blank=True)
    files: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )
    published_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"Publication of {self.release}"
