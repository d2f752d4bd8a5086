"""Signs of life."""

from django.db import models


class Heartbeat(models.Model):
    """When a part of the house (`worker:<host>:<pid>`, `sweep`, `beat`) was last seen alive."""

    part = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ["part"]

    def __str__(self) -> str:
        return self.part
