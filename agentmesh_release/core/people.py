"""The people of the demo world, and making people at all."""

from django.db import transaction
from django.db.models import QuerySet

from . import audit, live
from .actors import Actor
from .models.membership import Membership, Role
from .models.user import User
from .world import is_demo

DEMO_PEOPLE = (
    ("ada", "Ada", Role.RELEASE_MANAGER),
    ("ben", "Ben", Role.RELEASE_MANAGER),
    ("cleo", "Cleo", Role.ON_CALL),
    ("sam", "Sam", Role.STAKEHOLDER),
)


def demo_people() -> QuerySet[User]:
    """Who can sign in with one click; nobody outside the demo world."""
    if not is_demo():
        return User.objects.none()
    names = [username for username, _, _ in DEMO_PEOPLE]
    return (
        User.objects.filter(username__in=names, is_active=True)
        .prefetch_related("memberships")
        .order_by("pk")
    )


def invite(username: str, name: str, role: Role, *, by: Actor, scope: str = "") -> User:
    """Make the person if need be, and give the role; what exists already is kept."""
    with transaction.atomic():
        user, created = User.objects.get_or_create(
            username__iexact=username, defaults={"username": username, "first_name": name}
        )
        if created:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            audit.record("user.create", actor=by, subject=f"user:{user.pk}", label=user.name)
        grant(user, role, by=by, scope=scope)
    return user


def grant(user: User, role: Role, *, by: Actor, scope: str = "") -> None:
    """Give a person a role in a project, or everywhere; their live streams start anew."""
    with transaction.atomic():
        _, created = Membership.objects.update_or_create(
            user=user, scope=scope, defaults={"role": role}
        )
        audit.record(
            "membership.grant",
            actor=by,
            subject=f"user:{user.pk}",
            label=user.name,
            scope=scope,
            data={"role": role.value, "new": created},
        )
        live.end_streams(user.pk)
