"""Who does things: a person, a program's token, or the system itself under a name."""

from dataclasses import dataclass
from typing import Literal, Protocol, Self

LONGEST_NAME = 150
Kind = Literal["person", "system", "token"]


class Person(Protocol):
    """What an actor needs to know of a signed-in person."""

    @property
    def pk(self) -> int: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True)
class Actor:
    """The one who acts; `name` is what the audit log keeps for ever.

    `user_id` is set for a person and for the owner of a token: it is what "the requester never
    counts" compares.
    """

    kind: Kind
    name: str
    user_id: int | None = None

    @classmethod
    def person(cls, person: Person) -> Self:
        return cls("person", person.name, person.pk)

    @classmethod
    def system(cls, role: str) -> Self:
        """The system under a role, e.g. `slo-guard`, written `system:slo-guard`."""
        return cls("system", f"system:{role}")

    @classmethod
    def token(cls, name: str, owner: Person) -> Self:
        """A program with a token of that name; its owner is who asked for what it asks for."""
        return cls("token", f"{name} ({owner.name}'s token)"[:LONGEST_NAME], owner.pk)

    def __str__(self) -> str:
        return self.name
