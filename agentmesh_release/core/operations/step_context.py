"""What a step is given to work with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from ..models.operation import Operation, Step


class Fenced(Exception):
    """The lease is not ours any more, or too short to act: somebody else goes on from here."""


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

    def may_act(self, timeout_s: float) -> None:
        """Call right before an outside act that may take so long.

        Raises Fenced when the operation was taken over, or when the remaining lease, by the
        database's clock, would not outlast the act.
        """
        held = Operation.objects.filter(state=Operation.State.RUNNING).held(
            self.operation.pk, self.token, timedelta(seconds=timeout_s)
        )
        if not held:
            raise Fenced

    def keep(self, **values: Any) -> None:
        """Remember values for later attempts, durably and at once. Raises Fenced."""
        with transaction.atomic():
            self.locked()
            self.step.data = {**self.step.data, **values}
            self.step.save(update_fields=["data"])

    def note(self, text: str, state: str = "") -> None:
        """Add a line to the operation's log."""
        self.operation.note(self.step.name, text, state)

    def locked(self) -> Operation:
        """The operation, locked, if this lease still stands. Raises Fenced."""
        operation = (
            Operation.objects.select_for_update()
            .filter(pk=self.operation.pk, lease_token=self.token, state=Operation.State.RUNNING)
            .first()
        )
        if operation is None:
            raise Fenced
        found: Operation = operation
        return found

    def now(self) -> datetime:
        """The database's clock."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            now: datetime = cursor.fetchone()[0]
        return now
