"""The registry of operation kinds: which steps each has, and who hears of its end."""

from collections.abc import Callable
from dataclasses import dataclass

from ..models.operation import Operation
from ..registries import Registry
from .outcomes import Outcome
from .step_context import StepContext


@dataclass(frozen=True)
class StepKind:
    """One step: `run` looks, acts, confirms and answers; it holds no transaction open."""

    name: str
    label: str
    run: Callable[[StepContext], Outcome]


@dataclass(frozen=True)
class OperationKind:
    """A kind of long act.

    `ended` is called once, in the transaction that ends the operation, whatever the end is: it
    moves the row that the operation acts for.
    """

    name: str
    steps: tuple[StepKind, ...]
    ended: Callable[[Operation], None]

    def step(self, name: str) -> StepKind:
        return next(step for step in self.steps if step.name == name)


kinds: Registry[OperationKind] = Registry("operation kind")
