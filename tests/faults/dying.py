"""Workers that die, or freeze, at a chosen moment: right before their n-th query.

Between two queries lies everything that a step does outside, so each moment that matters is found
by counting, and steps that are added later are covered without a list.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation

from .journey import Journey, hasten, lose_lease

Execute = Callable[[str, Any, bool, Any], Any]


class Died(BaseException):
    """The worker is gone, as by SIGKILL: what it had not committed is lost."""


@dataclass
class Moment:
    """The moment right before the n-th query of a worker; `happen` is what happens then."""

    query: int
    happen: Callable[[], None]
    count: int = 0

    def __call__(self, execute: Execute, sql: str, params: Any, many: bool, context: Any) -> Any:
        self.count += 1
        if self.count == self.query:
            self.happen()
        return execute(sql, params, many, context)

    @property
    def came(self) -> bool:
        return self.count >= self.query


def die() -> None:
    raise Died


def work_through(journey: Journey, operation: Operation, moment: Moment) -> Operation:
    """Work as `Journey.work` does; when the moment came, another worker goes on."""
    until_it_dies(operation, moment)
    return journey.work(operation) if operation.is_active else operation


def until_it_dies(operation: Operation, moment: Moment) -> None:
    """A worker is at it until the moment comes; then its lease runs out."""
    while operation.is_active and not moment.came:
        hasten(operation)
        try:
            with connection.execute_wrapper(moment):
                operations.run(operation.pk)
        except Died:
            lose_lease(operation)
        operation.refresh_from_db()
