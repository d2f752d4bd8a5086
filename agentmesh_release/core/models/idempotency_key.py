"""Idempotency keys: what was done under a key is not done again under it."""

from django.db import models
from django.db.models.functions import Now


class IdempotencyKey(models.Model):
    """A key that a program sent, as a hash, with what came of the request.

    `fingerprint` tells that request from others, `subject` names what it made, e.g. `artifact:7`.
    """

    scope = models.CharField(max_length=80, blank=True)
    key_hash = models.CharField(max_length=64)
    fingerprint = models.CharField(max_length=64)
    subject = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scope", "key_hash"], name="idempotency_key_once")
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_by_age")]

    def __str__(self) -> str:
        return f"{self.subject} in {self.scope}"
