"""The audit log's rows. They are written by `audit.record`, sealed and verified by `seals`."""

from typing import Any, Self

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models.functions import Now

from ..words import Together, Words, query_of


class Xid8Field(models.Field):  # type: ignore[type-arg]
    """PostgreSQL's 64-bit transaction id."""

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> int | None:
        return None if value is None else int(value)


# What a search looks through.
SAID = Words(Together("label", "reason"))


class AuditEventQuerySet(models.QuerySet["AuditEvent"]):
    def saying(self, text: str) -> Self:
        """Whose label and reason have all the words of the text, or begin with them."""
        query = query_of(text)
        return self.none() if query is None else self.alias(said=SAID).filter(said=query)


class AuditEvent(models.Model):
    """One thing that somebody did, or tried to do.

    Append-only by trigger: the one permitted update gives an unsealed row its position and seal.
    No foreign keys: names are stored, so that nothing that happens elsewhere changes the log.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    actor_kind = models.CharField(max_length=6)
    actor = models.CharField(max_length=150)
    verb = models.CharField(max_length=60)
    subject = models.CharField(max_length=120, blank=True)
    label = models.TextField(blank=True)
    scope = models.CharField(max_length=80, blank=True)
    environment = models.CharField(max_length=120, blank=True)
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    xid = Xid8Field(
        db_default=models.Func(function="pg_current_xact_id", output_field=Xid8Field()),
        editable=False,
    )
    position = models.BigIntegerField(null=True, unique=True, editable=False)
    seal = models.BinaryField(null=True, editable=False)
    sealed_at = models.DateTimeField(null=True, editable=False)

    objects = AuditEventQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            GinIndex(SAID, name="audit_words"),
            models.Index(fields=["scope", "-id"], name="audit_by_scope"),
            models.Index(fields=["actor", "-id"], name="audit_by_actor"),
            models.Index(fields=["verb", "-id"], name="audit_by_verb"),
            models.Index(fields=["subject", "-id"], name="audit_by_subject"),
            models.Index(fields=["at"], name="audit_by_time"),
            models.Index(fields=["id"], condition=models.Q(position=None), name="audit_unsealed"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(position=None, seal=None)
                | models.Q(position__isnull=False, seal__isnull=False),
                name="audit_position_with_seal",
            )
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.label or self.subject} by {self.actor}"
