"""What a step is given to work with."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

from django.db import transaction

from ...providers import deadlines
from ..frozen import lose_locks_when_frozen
from ..leases import clock
from ..models.operation import Operation, Step
from . import timing


class Fenced(Exception):
    """The lease is not ours any more: somebody else goes on from here."""


def locked(operation_id: int, token: int) -> Operation:
    """The operation, locked, if the lease with that token still stands. Raises Fenced."""
    running = Operation.objects.filter(state=Operation.State.RUNNING)
    operation: Operation | None = (
        running.select_for_update().filter(pk=operation_id, lease_token=token).first()
    )
    if operation is None:
        raise Fenced
    return operation


@dataclass(frozen=True)
class StepContext:
    """One attempt at one step, under one lease."""

    operation: Operation
    step: Step
    token: int

    @property
    def plan(self) -> dict[str, Any]:
        """The frozen plan."""
        plan: dict[str, Any] = self.operation.plan
        return plan

    @property
    def data(self) -> dict[str, Any]:
        """What earlier attempts at this step kept."""
        return self.step.data

    def renew(self) -> bool:
        """Let the lease last anew; False when the operation ended or is somebody else's by now."""
        running = Operation.objects.filter(state=Operation.State.RUNNING)
        return bool(running.renew(self.operation.pk, self.token, timing.lease()))

    @contextmanager
    def acting(self) -> Iterator[None]:
        """Around an outside act: what it calls is sent and answered within `timing.act_s`, or not
        sent at all. The lease outlasts it.

        Raises Fenced when the operation was taken over.
        """
        until = monotonic() + timing.act_s()
        if not self.renew():
            raise Fenced
        with deadlines.before(until):
            yield

    def keep(self, **values: Any) -> None:
        """Remember values for later attempts, durably and at once. Raises Fenced."""
        with transaction.atomic():
            lose_locks_when_frozen()
            self.locked()
            self.step.data = {**self.step.data, **values}
            self.step.save(update_fields=["data"])

    def note(self, text: str, state: str = "") -> None:
        """Add a line to the operation's log."""
        self.operation.note(self.step.name, text, state)

    def locked(self) -> Operation:
        """The operation, locked, if this lease still stands. Raises Fenced."""
        return locked(self.operation.pk, self.token)

    def now(self) -> datetime:
        """The database's clock."""
        return clock()
