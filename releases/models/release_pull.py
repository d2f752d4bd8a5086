"""Pull requests of a release."""

from typing import Self

from django.db import models

from .release import Release


class ReleasePullQuerySet(models.QuerySet["ReleasePull"]):
    def unread(self) -> Self:
        """Not read yet, or not since somebody asked for it."""
        return self.filter(
            models.Q(read_at=None) | models.Q(read_at__lt=models.F("release__dossier__asked_at"))
        )


class ReleasePull(models.Model):
    """A pull request whose commits a release has, with its reviews as GitHub showed them.

    It is kept with the release, so that it can be shown when GitHub cannot be asked. `approved_by`
    approved the commit that was merged, `approved_earlier` one before it. `read_at` is None while
    nothing was read; `why` says why GitHub could not show it.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="pulls")
    number = models.PositiveIntegerField()
    title = models.TextField(blank=True)
    author = models.CharField(max_length=150, blank=True)
    url = models.CharField(max_length=500, blank=True)
    merged_at = models.DateTimeField(null=True)
    approved_by: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    approved_earlier: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    changes_requested_by: "models.JSONField[list[str], list[str]]" = models.JSONField(default=list)
    why = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    objects = ReleasePullQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="release_pull_once")
        ]

    def __str__(self) -> str:
        return f"#{self.number} {self.title}".strip()
