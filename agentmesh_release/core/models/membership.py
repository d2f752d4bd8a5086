"""Roles: who may do what, everywhere or in one project."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import JSONObject

from .user import User


class Role(models.TextChoices):
    """The four roles. What each may do is said where permissions are registered (`access`)."""

    ADMIN = "admin", "Admin"
    RELEASE_MANAGER = "release_manager", "Release manager"
    ON_CALL = "on_call", "On-call"
    STAKEHOLDER = "stakeholder", "Stakeholder"


class Membership(models.Model):
    """One role of one person; `scope` is a project's slug, or empty for every project."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    scope = models.SlugField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "scope"], name="membership_one_role_a_scope"),
            models.CheckConstraint(
                condition=models.Q(role__in=Role.values), name="membership_role_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()}" + (
            f" in {self.scope}" if self.scope else ""
        )


def roles_granted(user: str) -> ArraySubquery:
    """All roles of the person that the column `user` names, as a list of `{scope, role}`.

    `access.roles_of` takes it from a person's attribute `granted`.
    """
    mine = Membership.objects.filter(user=models.OuterRef(user))
    return ArraySubquery(mine.values(json=JSONObject(scope="scope", role="role")))
