"""Service level objectives, with the targets of the seed's Key Metrics."""

from django.db import models

from releases.models import Project

from ..objectives import OBJECTIVES, Objective


class Slo(models.Model):
    """One objective of one project, and the last reading of it.

    `value` and `budget_left` are ratios (p95: seconds), None while nothing could be read;
    `trouble` says why. `budget_left` is of 30 days, 1 is all of it.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="slos")
    key = models.CharField(max_length=20, choices=[(each.key, each.label) for each in OBJECTIVES])
    limit = models.FloatField()
    value = models.FloatField(null=True)
    budget_left = models.FloatField(null=True)
    trouble = models.TextField(blank=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["project", "pk"]
        constraints = [models.UniqueConstraint(fields=["project", "key"], name="slo_once")]

    def __str__(self) -> str:
        return f"{self.project}: {self.objective.label}"

    @property
    def objective(self) -> Objective:
        return next(each for each in OBJECTIVES if each.key == self.key)

    @property
    def is_met(self) -> bool | None:
        """Whether the last reading is within the limit; None while nothing is known."""
        return None if self.value is None else self.objective.is_met(self.value, self.limit)

    @property
    def said(self) -> str:
        """The last reading with its limit, e.g. `0.42 %, limit 0.1 %`."""
        if self.value is None:
            return self.trouble or "not read yet"
        objective = self.objective
        return f"{objective.said(self.value)}, {objective.bound} {objective.said(self.limit)}"
