"""A process's life is tied to its parent's, by the kernel or by polling."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from agentmesh_release.runtime import tether
from tests.watching import gone, soon

PARENT = """
import os, subprocess, sys, time
tie = [sys.executable, "-I", "-S", sys.argv[1], str(os.getpid()), "9", "-"]
child = subprocess.Popen([*tie, "/bin/sh", "-c", "echo $$; exec sleep 60"])
time.sleep(60)
"""


@pytest.fixture(params=["kernel", "poll"] if sys.platform == "linux" else ["poll"])
def tied(request: pytest.FixtureRequest) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A parent, and the pid of a command that is tied to it."""
    environment = dict(os.environ)
    if request.param == "poll":
        environment["AGENTMESH_POLL_PARENT"] = "1"
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, tether.__file__],
        stdout=subprocess.PIPE,
        text=True,
        env=environment,
    ) as parent:
        assert parent.stdout is not None
        yield parent, int(parent.stdout.readline())
        parent.kill()


def test_a_command_ends_when_its_parent_is_killed(tied: tuple[subprocess.Popen[str], int]) -> None:
    parent, child = tied
    parent.kill()
    parent.wait()
    assert soon(lambda: gone(child))


def test_a_command_lives_while_its_parent_does(tied: tuple[subprocess.Popen[str], int]) -> None:
    _parent, child = tied
    assert not soon(lambda: gone(child), seconds=1)


def test_a_parent_that_is_gone_already_ends_the_command_at_once() -> None:
    nobody = subprocess.Popen(["true"])
    nobody.wait()
    ended = subprocess.run(
        [sys.executable, tether.__file__, str(nobody.pid), "9", "-", "sleep", "60"], timeout=10
    )
    assert ended.returncode == -signal.SIGKILL


@pytest.mark.parametrize("poll", ["", "1"])
def test_the_exit_code_is_the_commands_own(poll: str) -> None:
    command = [sys.executable, tether.__file__, str(os.getpid()), "9", "-", "sh", "-c", "exit 7"]
    ended = subprocess.run(command, env={**os.environ, "AGENTMESH_POLL_PARENT": poll}, timeout=10)
    assert ended.returncode == 7


def test_a_polling_tether_hands_signals_on(tmp_path: Path) -> None:
    script = f"trap 'echo drained > {tmp_path}/out; exit 0' TERM; echo up; sleep 60 & wait"
    with subprocess.Popen(
        [sys.executable, tether.__file__, str(os.getpid()), "9", "-", "sh", "-c", script],
        env={**os.environ, "AGENTMESH_POLL_PARENT": "1"},
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.terminate()
        assert process.wait(10) == 0
    assert (tmp_path / "out").read_text() == "drained\n"
