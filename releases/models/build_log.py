"""The log of a build."""

from django.db import models

from .deployment import Deployment


class BuildLog(models.Model):
    """What Vercel wrote while it built, kept since Vercel drops it; `is_cut` at the beginning."""

    deployment = models.OneToOneField(Deployment, on_delete=models.CASCADE, related_name="log")
    text = models.TextField()
    is_cut = models.BooleanField(default=False)
    read_at = models.DateTimeField()

    class Meta:
        ordering = ["deployment"]

    def __str__(self) -> str:
        return f"Log of {self.deployment}"
