"""What providers answered, kept so that asking again costs nothing."""

from django.db import models

from ..leases import ClockTimestamp


class KnownAnswer(models.Model):
    """One answer under the hash of its address: sent back by ETag, it is free while unchanged.

    It outlives the process that got it, and every process knows it.
    """

    key = models.CharField(max_length=64, primary_key=True)
    etag = models.CharField(max_length=200)
    headers: "models.JSONField[dict[str, str], dict[str, str]]" = models.JSONField(default=dict)
    body = models.BinaryField()
    is_json = models.BooleanField()
    kept_at = models.DateTimeField(db_default=ClockTimestamp())

    class Meta:
        indexes = [models.Index(fields=["kept_at"], name="known_answer_oldest")]

    def __str__(self) -> str:
        return self.key[:12]
