"""The one door for state.

A state machine is a `TextChoices`, a `TRANSITIONS` table and verb methods. A verb opens the door
(one transaction, its row locked and read again), evaluates its guards, and moves: the row is
updated only from a permitted source state, an audit event is written, and one notice leaves.
"""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.db import models, transaction

from . import audit, live
from .actors import Actor
from .frozen import lose_locks_when_frozen
from .refusals import Refused


@dataclass(frozen=True)
class Transition:
    """From any of `sources` to `target`."""

    sources: frozenset[str]
    target: str


def from_to(sources: Iterable[str], target: str) -> Transition:
    return Transition(frozenset(sources), target)


class Stateful(models.Model):
    """A model whose `state` changes only through its verbs."""

    TRANSITIONS: ClassVar[Mapping[str, Transition]]
    NOUN: ClassVar[str]
    State: ClassVar[type[models.TextChoices]]

    state: str

    class Meta:
        abstract = True

    @property
    def subject(self) -> str:
        """How the audit log and the live topics name this row, e.g. `promotion:7`."""
        return f"{self.NOUN}:{self.pk}"

    @property
    def audit_place(self) -> dict[str, str]:
        """`label`, `scope` and `environment` of this row for the audit log."""
        return {"label": str(self)}

    def topics(self) -> tuple[str, ...]:
        """The live topics that go stale when this row moves."""
        return (self.subject,)

    @contextmanager
    def door(self) -> Iterator[Self]:
        """Open the door: yields this row, locked and as the database has it now.

        What is changed on the yielded row stands on `self` afterwards, if nothing was refused.
        """
        with transaction.atomic(), live.one_notice():
            lose_locks_when_frozen()
            locked = type(self)._base_manager.select_for_update().get(pk=self.pk)
            yield locked
        self.__dict__.update(
            {name: value for name, value in locked.__dict__.items() if name != "_state"}
        )

    def move(
        self,
        verb: str,
        *,
        actor: Actor,
        reason: str = "",
        data: dict[str, Any] | None = None,
        **fields: Any,
    ) -> None:
        """Carry out the transition of that verb; only inside the door.

        `fields` are saved with it, `data` goes into the audit event. Raises Refused (`not_now`)
        when the state does not permit the verb.
        """
        transition = self.TRANSITIONS[verb]
        moved = (
            type(self)
            ._base_manager.filter(pk=self.pk, **{"state__in": transition.sources})
            .update(**{"state": transition.target, **fields})
        )
        if not moved:
            raise Refused("not_now", self.not_now(verb))
        for name, value in {"state": transition.target, **fields}.items():
            setattr(self, name, value)
        audit.record(
            f"{self.NOUN}.{verb}",
            actor=actor,
            subject=self.subject,
            reason=reason,
            data=data,
            **self.audit_place,
        )
        live.stale(*self.topics())

    def not_now(self, verb: str) -> str:
        """The sentence of a refusal because of the present state."""
        state = type(self).State(self.state).label.lower()
        return f"This {self.NOUN} is {state} by now, so there is nothing to {verb}."
