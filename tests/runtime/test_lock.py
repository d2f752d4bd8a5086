"""One supervisor a checkout."""

import os
from pathlib import Path

import pytest

from agentmesh_release.runtime.lock import HouseLock, Occupied


def test_the_second_is_refused_and_told_where_the_first_is(tmp_path: Path) -> None:
    first = HouseLock(tmp_path / "lock")
    first.take()
    first.say(url="http://localhost:8000")
    with pytest.raises(Occupied, match=rf"process {os.getpid()}, at http://localhost:8000"):
        HouseLock(tmp_path / "lock").take()
    first.close()


def test_it_is_free_again_when_its_holder_is_gone(tmp_path: Path) -> None:
    for _ in range(2):
        lock = HouseLock(tmp_path / "lock")
        lock.take()
        lock.close()
