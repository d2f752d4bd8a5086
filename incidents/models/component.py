"""Components: what the status page lists."""

from django.db import models

from releases.models import Project


class Component(models.Model):
    """One part of the product as its users know it."""

    name = models.CharField(max_length=80)
    project = models.OneToOneField(
        Project, null=True, on_delete=models.SET_NULL, related_name="component"
    )
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name
