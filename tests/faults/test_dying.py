"""A worker dies right before its n-th query, for every n: another one ends what it began, once."""

from collections.abc import Callable, Iterable

import pytest

from agentmesh_release.core.models import Operation

from .dying import Moment, die, work_through
from .extent import moments
from .journey import Journey, states

pytestmark = pytest.mark.django_db(transaction=True)
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


def test_some_deaths_change_nothing(journey: Journey) -> None:
    assert die_at(journey, range(7, 200, 60)) > 0


@pytest.mark.faults
def test_no_death_changes_anything(journey: Journey) -> None:
    print(f"{die_at(journey, moments())} deaths")
