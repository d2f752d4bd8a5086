"""Work that has no timeout of its own."""

from __future__ import annotations

import threading
import time

import pytest

from agentmesh_release.providers.patience import within


def test_it_gives_what_came_in_time() -> None:
    assert within(1, lambda: "there") == "there"


def test_it_raises_what_the_work_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        within(1, lambda: 1 // 0)


def test_it_does_not_wait_longer() -> None:
    leave = threading.Event()
    started = time.monotonic()
    with pytest.raises(TimeoutError):
        within(0.1, lambda: leave.wait(5))
    assert time.monotonic() - started < 1
    leave.set()


def test_what_comes_too_late_is_thrown_away() -> None:
    leave, discarded = threading.Event(), threading.Event()

    def work() -> str:
        leave.wait(5)
        return "late"

    with pytest.raises(TimeoutError):
        within(0.05, work, discard=lambda _late: discarded.set())
    leave.set()
    assert discarded.wait(2)
