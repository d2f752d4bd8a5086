"""Entries of an incident's timeline."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now

from .incident import Incident


class Entry(models.Model):
    """One line of the timeline: a public update, a note, or something that happened.

    `source` is the domain event that it came from, so that it is there once; `about` is what
    happened, for its icon.
    """

    ICONS: ClassVar = {
        "update": "megaphone",
        "note": "person",
        "switch": "power",
        "promotion": "arrow-up",
        "rollback": "rotate-left",
        "outside": "alert",
    }

    class Kind(models.TextChoices):
        UPDATE = "update", "Update"
        NOTE = "note", "Note"
        HAPPENED = "happened", "Happened"

    incident = models.ForeignKey(Incident, on_delete=models.CASCADE, related_name="entries")
    kind = models.CharField(max_length=8, choices=Kind)
    state = models.CharField(max_length=13, blank=True)
    text = models.TextField()
    by = models.CharField(max_length=150, blank=True)
    at = models.DateTimeField(db_default=Now())
    source = models.UUIDField(null=True)
    about = models.CharField(max_length=10, blank=True)

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name_plural = "entries"
        constraints = [
            models.UniqueConstraint(
                fields=["incident", "source"],
                condition=models.Q(source__isnull=False),
                name="entry_once_an_event",
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=["update", "note", "happened"]),
                name="entry_kind_is_known",
            ),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def lead(self) -> str:
        """The sentence on what happened, without the reason that was given for it."""
        return self.text.partition(" “")[0]

    @property
    def rest(self) -> str:
        """What follows the lead."""
        return self.text.removeprefix(self.lead).strip()

    @property
    def icon(self) -> str:
        """What stands beside it on the timeline."""
        return self.ICONS.get(self.about or self.kind, "note")
