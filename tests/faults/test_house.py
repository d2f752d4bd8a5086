"""The whole house under real signals. The tests of this file share one house, from its first
promotion to its last stop."""

import time
from collections.abc import Iterator
from itertools import cycle
from random import Random

import pytest

from .boundaries import Barrier, Boundary, boundaries
from .extent import ALL, SEED
from .judging import promoted, published, rolled_back
from .town import NAME, Town
from .wrongs import LIGHT, SEVERE, WORKER_KILLED, WORKER_PAUSED, Wrong

pytestmark = pytest.mark.faults

PORT = 18800


@pytest.fixture(scope="module")
def one_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    made = Town(tmp_path_factory.mktemp("a town"), PORT)
    try:
        made.open()
        yield made
    finally:
        made.close()


@pytest.fixture
def town(one_town: Town) -> Iterator[Town]:
    """The town with the old version live and nothing under way; its audit log is whole after."""
    one_town.calm_down()
    begin = len(one_town.house.told.lines)
    yield one_town
    print("The house said:", *one_town.house.told.lines[begin:][-200:], sep="\n  ")
    one_town.until(one_town.house.is_ready, "the house does not get ready")
    told = one_town.house.manage("verify_audit")
    assert told.process.wait(60) == 0, told.lines


def suffer(town: Town, barrier: Barrier, boundary: Boundary, wrong: Wrong) -> None:
    """Let it go wrong where a worker stands at that boundary."""
    began = time.monotonic()
    barrier.wait(boundary)
    barrier.forget(boundary)
    wrong.happen(town, lambda: None if wrong.loses_database else barrier.let_go(boundary))
    if wrong.loses_database:
        barrier.lost(boundary)
    print(f"  {boundary}: {wrong}, {time.monotonic() - began:.1f} s")


def test_without_a_fault_it_takes_seconds(town: Town) -> None:
    begin = town.journal_end()
    promoted(town, town.promote(), begin)
    begin = town.journal_end()
    rolled_back(town, town.roll_back(), begin)


@pytest.mark.parametrize(
    "wrongs", [LIGHT, *([wrong] for wrong in SEVERE)] if ALL else [LIGHT, SEVERE]
)
def test_at_every_boundary_something_goes_wrong(town: Town, wrongs: tuple[Wrong, ...]) -> None:
    turn = cycle(wrongs)
    for kind, start, ended in (
        ("promotion", town.promote, promoted),
        ("rollback", town.roll_back, rolled_back),
    ):
        begin = town.journal_end()
        there = boundaries(kind)
        barrier = Barrier(town, *there)
        operation = start()
        for boundary in there:
            suffer(town, barrier, boundary, next(turn))
        ended(town, operation, begin)
        barrier.close()


def test_a_publication_is_whole_whoever_is_killed_at_its_boundaries(town: Town) -> None:
    begin, there = town.journal_end(), boundaries("publication")
    there = there if ALL else there[SEED % 2 :: 2]
    barrier = Barrier(town, *there)
    version = town.cut(f"feat: more at {begin}")
    turn = cycle([WORKER_KILLED, *LIGHT])
    for boundary in there:
        suffer(town, barrier, boundary, next(turn))
    published(town, version, begin)
    barrier.close()
    town.ada.decide("release-withdrawal", NAME, version)


TAKEN_OVER = list(zip(boundaries("promotion"), cycle(boundaries("rollback")), strict=False))


@pytest.mark.parametrize(("there", "then"), TAKEN_OVER if ALL else TAKEN_OVER[1:6:2])
def test_a_rollback_takes_over_and_something_goes_wrong_in_it(
    town: Town, there: Boundary, then: Boundary
) -> None:
    begin = town.journal_end()
    barrier = Barrier(town, there, then)
    promotion = town.promote()
    barrier.wait(there)
    barrier.let_go(there)
    rollback = town.roll_back()
    suffer(town, barrier, then, WORKER_KILLED)
    barrier.close()
    rolled_back(town, rollback, begin, moved=False)
    assert town.ended(promotion) in ("superseded", "done")


@pytest.mark.parametrize("number", range(20 if ALL else 3))
def test_at_random_moments_anything_goes_wrong(town: Town, number: int) -> None:
    random = Random(f"{SEED} {number}")
    print(f"FAULTS_SEED={SEED}")
    begin = town.journal_end()
    with town.second_worker():
        promotion = town.promote()
        time.sleep(random.uniform(0, 1.5))
        meanwhile(town, promotion, random.choice([WORKER_PAUSED, *SEVERE, *LIGHT]))
        rollback = town.roll_back()
        time.sleep(random.uniform(0, 1.5))
        meanwhile(town, rollback, random.choice([WORKER_PAUSED, *SEVERE]))
        rolled_back(town, rollback, begin, moved=False)
    assert town.ended(promotion) in ("superseded", "done")


def meanwhile(town: Town, operation: int, wrong: Wrong) -> None:
    steps = [f"{name} {state}" for name, state, _ in town.steps(operation)]
    print(f"  {', '.join(steps)}: {wrong}")
    wrong.happen(town, lambda: None)


@pytest.mark.parametrize("number", range(8 if ALL else 2))
def test_a_worker_that_pauses_under_a_rollback_promotes_nothing(town: Town, number: int) -> None:
    begin = town.journal_end()
    random = Random(f"{SEED} {number}")
    with town.second_worker() as second:
        town.until(lambda: town.is_at_work(second), "the second worker does not start")
        promotion = town.promote()
        time.sleep(random.uniform(0, 0.4))
        WORKER_PAUSED.happen(town, lambda: None)
        rolled_back(town, town.roll_back(), begin, moved=False)
        assert town.ended(promotion) in ("superseded", "done")


def test_a_rollback_works_without_a_broker(town: Town) -> None:
    begin = town.journal_end()
    promoted(town, town.promote(), begin)
    spool = town.house.place.spool
    spool.rename(spool.with_name("no spool"))
    spool.write_text("not a folder")
    try:
        begin = town.journal_end()
        rolled_back(town, town.roll_back(), begin)
    finally:
        spool.unlink()
        spool.with_name("no spool").rename(spool)


def test_nothing_is_left_after_the_stop(one_town: Town) -> None:
    assert one_town.house.stop() == 0
    assert one_town.house.left() == []
    assert not one_town.listens()
