"""The world: demo or real, chosen once."""

from django.db import models


class World(models.Model):
    """The one row that says which world this database holds.

    In the demo world the sandbox stands for all providers; in a real world it never starts.
    """

    class Kind(models.TextChoices):
        DEMO = "demo", "Demo"
        REAL = "real", "Real"

    id = models.SmallAutoField(primary_key=True)
    kind = models.CharField(max_length=4, choices=Kind)
    name = models.CharField(max_length=80, default="AgentMesh Cloud")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="world_is_one"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["demo", "real"]), name="world_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_demo(self) -> bool:
        return self.kind == self.Kind.DEMO
