"""Dossiers: what providers have to say of a release, fetched and kept."""

from datetime import datetime
from typing import Any, Self

from django.db import models, transaction

from agentmesh_release.core import audit
from agentmesh_release.core.actors import Actor

from .project import Project
from .release import Release


class DossierQuerySet(models.QuerySet["Dossier"]):
    def unfinished(self, project: Project) -> Self:
        """Those of which something is still to be read: what was never read at the front, then
        what was read longest ago, so that one that waits for something keeps no other waiting."""
        found = self.filter(release__project=project, is_complete=False)
        return found.order_by(models.F("read_at").asc(nulls_first=True), "asked_at")


class Dossier(models.Model):
    """What is read for a release from GitHub and Vercel: reviews, checks, the build's log.

    It is complete when all was read and nothing of it still goes on. `why` is why the last reading
    stopped, empty after one that worked. `security` is the project's security readings as they were
    then, since alerts come and go.
    """

    release = models.OneToOneField(Release, on_delete=models.CASCADE, related_name="dossier")
    asked_at = models.DateTimeField()
    asked_by = models.CharField(max_length=150)
    is_complete = models.BooleanField(default=False)
    read_at = models.DateTimeField(null=True)
    why = models.TextField(blank=True)
    security: "models.JSONField[list[dict[str, Any]], list[dict[str, Any]]]" = models.JSONField(
        default=list
    )

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        indexes = [
            models.Index(
                fields=["asked_at"],
                condition=models.Q(is_complete=False),
                name="dossier_unfinished",
            )
        ]

    def __str__(self) -> str:
        return f"Dossier of {self.release}"

    @classmethod
    def ask(cls, release: Release, *, by: Actor, now: datetime) -> None:
        """Have it read, or read again; what is known stays until the new answers are there."""
        asked = {"asked_at": now, "asked_by": by.name, "is_complete": False, "why": ""}
        with transaction.atomic():
            cls.objects.update_or_create(release=release, defaults=asked)
            audit.record(
                "evidence.ask",
                actor=by,
                subject=subject_of(release),
                data={},
                **release.audit_place,
            )


def subject_of(release: Release) -> str:
    """How the audit log names its evidence: reading it is none of the release's own deeds, which
    are a part of the evidence."""
    return f"evidence:{release.pk}"
