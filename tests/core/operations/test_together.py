"""Several operations, or several workers, at once in one environment."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from agentmesh_release.core import operations
from agentmesh_release.core.models import Operation, Step
from agentmesh_release.core.operations import (
    Done,
    Wait,
)
from agentmesh_release.core.refusals import Refused
from tests.at_once import at_once

from .painting import BEN, HOUSE, Paint, ask, run

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_runs_and_one_waits_in_an_environment(paint: Paint) -> None:
    paint.first = lambda context: Wait(timedelta(hours=1))
    first, second = operations.start(ask()), operations.start(ask(by=BEN))
    assert (first.state, second.state) == ("running", "queued")
    with pytest.raises(Refused, match="waits behind it"):
        operations.start(ask())
    assert operations.start(ask("garden/production")).state == "running"


def test_who_waits_is_admitted_when_the_first_has_ended(paint: Paint) -> None:
    first, second = operations.start(ask()), operations.start(ask(by=BEN))
    run(first)
    second.refresh_from_db()
    assert second.state == "running"
    assert run(second).state == "done"


def test_two_who_start_at_the_same_instant_get_one_running(paint: Paint) -> None:
    assert at_once(*2 * [lambda: operations.start(ask())]) == ["done", "done"]
    assert sorted(Operation.objects.values_list("state", flat=True)) == ["queued", "running"]


def test_the_database_itself_lets_one_run_in_an_environment(paint: Paint) -> None:
    operations.start(ask())
    with pytest.raises(IntegrityError, match="operation_one_running"):
        Operation.objects.create(environment=HOUSE, state=Operation.State.RUNNING)


def test_two_workers_at_the_same_instant_run_a_step_once(paint: Paint) -> None:
    runs: list[int] = []
    paint.first = lambda context: runs.append(context.token) or Done()  # type: ignore[func-returns-value]
    operation = operations.start(ask())
    assert at_once(*2 * [lambda: operations.run(operation.pk)]) == ["done", "done"]
    assert len(runs) == 1
    assert list(Step.objects.values_list("state", flat=True)) == ["done", "done"]
