"""The people of the demo world, and making people at all."""

from django.db import transaction
from django.db.models import QuerySet

from . import audit, live
from .actors import Actor
from .models.membership import Membership, Role
from .models.user import User
from .refusals import Refused
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
    """Give a person a role in a project, or everywhere; their live streams start anew.

    Raises Refused (`last_admin`).
    """
    with transaction.atomic():
        if role != Role.ADMIN:
            _refuse_without_admin(user, scope)
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


def revoke(user: User, *, by: Actor, scope: str = "") -> None:
    """Take a person's role in a project, or everywhere, away; their live streams end.

    Raises Refused: `no_role` when there is none, `last_admin`.
    """
    with transaction.atomic():
        _refuse_without_admin(user, scope)
        held = Membership.objects.select_for_update().filter(user=user, scope=scope).first()
        if held is None:
            raise Refused("no_role", f"{user.name} has no role there any more.")
        held.delete()
        audit.record(
            "membership.revoke",
            actor=by,
            subject=f"user:{user.pk}",
            label=user.name,
            scope=scope,
            data={"role": held.role},
        )
        live.end_streams(user.pk)


def _refuse_without_admin(user: User, scope: str) -> None:
    """Somebody has to be admin everywhere. The rows are locked, so that two who leave at once do
    not both count on the other."""
    if scope:
        return
    admins = list(
        Membership.objects.select_for_update(of=("self",))
        .filter(scope="", role=Role.ADMIN, user__is_active=True)
        .order_by("pk")
        .select_related("user")
    )
    if [admin.user_id for admin in admins] == [user.pk]:
        raise Refused(
            "last_admin", f"{user.name} is the only admin. Make somebody else admin first."
        )
