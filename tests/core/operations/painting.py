"""A kind of operation whose two steps do what a test says."""

from collections.abc import Callable

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation
from agentmesh_release.core.operations import (
    Done,
    OperationKind,
    Outcome,
    Request,
    StepContext,
    StepKind,
)

ADA = Actor("person", "Ada", 1)
BEN = Actor("person", "Ben", 2)
HOUSE = "house/production"

Behaviour = Callable[[StepContext], Outcome]


class Paint:
    """A kind of operation whose two steps do what the test says."""

    def __init__(self) -> None:
        self.first: Behaviour = lambda context: Done("primed")
        self.second: Behaviour = lambda context: Done("painted", "coat:1")
        self.ends: list[str] = []

    def kind(self) -> OperationKind:
        return OperationKind(
            "paint",
            steps=(
                StepKind("prime", "Prime", lambda context: self.first(context)),
                StepKind("paint", "Paint", lambda context: self.second(context)),
            ),
            ended=lambda operation: self.ends.append(operation.state),
        )


def ask(environment: str = HOUSE, by: Actor = ADA) -> Request:
    return Request("paint", "Paint the house", "house:1", environment, by, reason="spring")


def states(operation: Operation) -> list[str]:
    return [step.state for step in operation.steps.all()]


def run(operation: Operation) -> Operation:
    operations.run(operation.pk)
    operation.refresh_from_db()
    return operation


def make_due(operation: Operation) -> None:
    Operation.objects.filter(pk=operation.pk).update(due_at="2000-01-01T00:00Z", lease_until=None)
