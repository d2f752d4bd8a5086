"""A worker dies right before its n-th query, for every n: another one ends what it began, once."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from itertools import count

import pytest
from django.db import connection

from agentmesh_release.core.models import Operation
from releases.models import Promotion, Rollback

from .dying import Died, Moment, die, work_through
from .extent import moments
from .journey import Journey, press_promote, states

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
START: dict[str, Callable[[Journey], Operation]] = {
    "promotion": lambda journey: journey.promote(),
    "rollback": lambda journey: journey.roll_back(),
}


def die_at(journey: Journey, queries: Iterable[int]) -> int:
    """Promote and roll back, again and again, dying at each of these; answers how often it was."""
    deaths = 0
    old, new = journey.build(journey.old), journey.build(journey.new)
    for query in queries:
        came = False
        for kind, to in (("promotion", new), ("rollback", old)):
            begin = journey.journal_end()
            moment = Moment(query, die)
            operation = work_through(journey, START[kind](journey), moment)
            told = f"{kind} that died before query {query}: {operation.outcome} {states(operation)}"
            assert operation.state == "done", told
            assert journey.shown() == journey.live().vercel_id == to, told
            assert len(journey.moves(begin)) == 1, told
            assert (journey.hold() is not None) == (kind == "rollback"), told
            came = came or moment.came
            deaths += moment.came
        if not came:
            return deaths
    return deaths


def press(act: Callable[[], object], query: int) -> bool:
    """Press a button whose web worker dies before that query; answers whether it came to that."""
    moment = Moment(query, die)
    with suppress(Died), connection.execute_wrapper(moment):
        act()
    return moment.came


def test_a_press_whose_web_worker_dies_did_all_or_nothing(journey: Journey) -> None:
    pk = journey.approved().pk
    for query in count(1):
        if not press(lambda: press_promote(journey, Promotion.objects.get(pk=pk)), query):
            break
        assert Promotion.objects.get(pk=pk).is_requested, f"died before query {query}"
        assert not Operation.objects.filter(kind="promotion").exists(), f"died before query {query}"
    assert journey.work(Operation.objects.get(kind="promotion")).state == "done"


def test_a_rollback_whose_web_worker_dies_did_all_or_nothing(journey: Journey) -> None:
    running = journey.promote()
    for query in count(1):
        if not press(journey.roll_back, query):
            break
        running.refresh_from_db()
        assert running.state == "running", f"died before query {query}"
        assert not Rollback.objects.exists(), f"died before query {query}"
    assert journey.work(Operation.objects.get(kind="rollback")).state == "done"


def test_no_death_changes_anything(journey: Journey) -> None:
    print(f"{die_at(journey, moments())} deaths")
