"""Children are kept alive, and none outlives its supervisor."""

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.watching import Told, gone, left_of, soon, stand_in

Start = Callable[..., Told]


@pytest.fixture
def mark(tmp_path: Path) -> str:
    return str(tmp_path / "a house")


@pytest.fixture
def start(mark: str) -> Iterator[Start]:
    """Starts supervisors of this test's house, and ends them."""
    started: list[Told] = []

    def begin(*table: str, **environment: str) -> Told:
        started.append(stand_in(mark, *table, **environment))
        return started[-1]

    yield begin
    for each in started:
        each.close()


def test_a_childs_lines_carry_its_name(start: Start) -> None:
    supervisor = start("web=echo hello; echo oops >&2; exec sleep 60")
    supervisor.until(r"^web      \| hello$")
    supervisor.until(r"^web      \| oops$")


def test_a_child_that_dies_starts_again(start: Start) -> None:
    supervisor = start("web=echo pid $$; exec sleep 60")
    first = int(supervisor.until(r"pid (\d+)")[1])
    os.kill(first, signal.SIGKILL)
    supervisor.until("was killed by SIGKILL; starting again in 0.1 s")
    assert int(supervisor.until(r"pid (\d+)")[1]) != first


def test_a_child_that_keeps_dying_starts_ever_more_slowly(start: Start) -> None:
    supervisor = start("web=exit 3")
    for delay in ("0.1", "0.2", "0.4", "0.8"):
        supervisor.until(f"ended with exit code 3; starting again in {delay} s")


def test_a_command_that_does_not_exist_is_said_and_tried_again(start: Start) -> None:
    supervisor = start("web=exec /nowhere/to/be/found")
    supervisor.until("/nowhere/to/be/found: not found")
    supervisor.until("starting again in 0.2 s")


def test_last_words_come_before_the_end(start: Start) -> None:
    supervisor = start("web=echo the reason; exit 1")
    supervisor.until("the reason")
    supervisor.until("ended with exit code 1")


@pytest.mark.parametrize("poll", ["", "1"], ids=["kernel", "poll"])
def test_a_killed_supervisor_leaves_nothing(start: Start, mark: str, poll: str) -> None:
    stubborn = "trap '' TERM HUP INT; echo up; while :; do sleep 60; done"
    supervisor = start(
        "web=echo up; exec sleep 60", f"worker={stubborn}", AGENTMESH_POLL_PARENT=poll
    )
    supervisor.until("up")
    supervisor.until("up")
    supervisor.process.kill()
    supervisor.process.wait()
    assert soon(lambda: all("/bin/sh" not in line for line in left_of(mark)))


def test_the_last_started_stops_first(start: Start, mark: str) -> None:
    say = "trap 'echo {0} stops; exit 0' TERM; echo {0} up; while :; do sleep 0.05; done"
    supervisor = start(f"one={say.format('one')}", f"two={say.format('two')}")
    supervisor.until("up")
    supervisor.until("up")
    supervisor.process.terminate()
    supervisor.until("two stops")
    supervisor.until("one stops")
    supervisor.until("^stopped$")
    assert supervisor.process.wait(10) == 0
    assert left_of(mark) == []


def test_a_child_that_does_not_stop_is_killed(start: Start, mark: str) -> None:
    supervisor = start("web=trap '' TERM; echo up; while :; do sleep 0.05; done")
    supervisor.until("up")
    supervisor.process.terminate()
    supervisor.until("did not end within 2 s; killed")
    supervisor.until("^stopped$")
    assert left_of(mark) == []


def test_a_second_signal_waits_for_nothing(start: Start) -> None:
    supervisor = start("web=trap 'echo waits' TERM; echo up; while :; do sleep 0.05; done")
    supervisor.until("up")
    supervisor.process.terminate()
    supervisor.until("waits")
    supervisor.process.terminate()
    supervisor.until("^stopped$", seconds=1.5)


def test_descendants_of_a_child_are_cleared_with_it(start: Start, mark: str) -> None:
    supervisor = start("web=setsid sleep 61 & echo up; exec sleep 60")
    supervisor.until("up")
    supervisor.process.terminate()
    supervisor.until("^stopped$")
    assert left_of(mark) == []


def test_a_killed_childs_descendants_are_cleared_before_it_starts_again(start: Start) -> None:
    supervisor = start("web=setsid sleep 61 & echo pids $$ $!; exec sleep 60")
    master, descendant = map(int, supervisor.until(r"pids (\d+) (\d+)").groups())
    os.kill(master, signal.SIGKILL)
    supervisor.until("pids")
    assert gone(descendant)


def test_a_line_without_an_end_does_not_fill_the_memory(start: Start) -> None:
    supervisor = start(
        "web=head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after; exec sleep 60"
    )
    supervisor.until("after")
    assert max(map(len, supervisor.lines)) < 200_000
