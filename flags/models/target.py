"""Where switches are written."""

from django.db import models
from django.db.models.functions import Now


class Target(models.Model):
    """One place that the state of every switch is written to, e.g. an app's `config_flags` table.

    `url_name` names the variable that holds the address of the app's database: never the address
    itself. `scope` is the project that it belongs to, empty when several share it.
    """

    class Kind(models.TextChoices):
        CONFIG_FLAGS = "config_flags", "config_flags table"

    kind = models.CharField(max_length=20, choices=Kind, default=Kind.CONFIG_FLAGS)
    name = models.CharField(max_length=80)
    url_name = models.CharField(max_length=120)
    scope = models.CharField(max_length=80, blank=True)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "url_name"], name="target_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["config_flags"]), name="target_kind_is_known"
            ),
            models.CheckConstraint(
                condition=~models.Q(url_name="") & ~models.Q(name=""), name="target_is_named"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.scope}" if self.scope else self.name
