"""Which world this is."""

from django.db import IntegrityError, transaction

from . import audit
from .actors import Actor
from .models.world import World
from .refusals import Refused

_known: World | None = None


def world() -> World | None:
    """The world of this database, or None before it is created.

    It never changes once chosen, so a process asks for it once.
    """
    global _known
    if _known is None:
        _known = World.objects.first()
    return _known


def forget_world() -> None:
    """Ask the database again; for tests, whose worlds come and go."""
    global _known
    _known = None


def is_demo() -> bool:
    """Whether the sandbox stands for the providers; false before there is a world."""
    present = world()
    return present is not None and present.is_demo


def create_world(kind: str, name: str) -> World:
    """Choose the world, once. Raises Refused (`world_exists`)."""
    try:
        with transaction.atomic():
            created = World.objects.create(id=1, kind=kind, name=name)
            audit.record(
                "world.create",
                actor=Actor.system("setup"),
                subject="world:1",
                label=name,
                data={"kind": kind},
            )
    except IntegrityError:
        present = World.objects.get()
        raise Refused(
            "world_exists",
            f"This database already holds a {present.kind} world, {present.name}; "
            "a world is chosen once. Use another database for another one.",
        ) from None
    return created
