"""The recent past of each objective, for charts."""

from django.db import models

from .slo import Slo


class SloReading(models.Model):
    """One reading; kept for two days."""

    slo = models.ForeignKey(Slo, on_delete=models.CASCADE, related_name="readings")
    at = models.DateTimeField()
    value = models.FloatField()

    class Meta:
        ordering = ["at"]
        indexes = [models.Index(fields=["slo", "at"], name="slo_reading_by_time")]

    def __str__(self) -> str:
        return f"{self.slo} {self.value}"
