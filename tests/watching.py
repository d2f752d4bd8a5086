"""Reading what a process says, and what of it is left."""

import contextlib
import os
import queue
import re
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path

import psutil

from agentmesh_release.runtime import processes

CHECKOUT = Path(__file__).resolve().parent.parent


class Told:
    """A running process and the lines that it has written so far."""

    def __init__(self, command: list[str], **environment: str | None) -> None:
        """`environment` is added to ours; None takes a variable out."""
        seen = {**os.environ, **environment}
        self.process = subprocess.Popen(
            command,
            cwd=CHECKOUT,
            env={name: value for name, value in seen.items() if value is not None},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self.lines: list[str] = []
        self._new: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()

    def until(self, pattern: str, seconds: float = 20) -> re.Match[str]:
        """The first line from here on that matches. Raises AssertionError, with what came, when
        there is none in time or before the process's last."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            try:
                line = self._new.get(timeout=left)
            except queue.Empty:
                break
            if line is None:
                break
            if found := re.search(pattern, line):
                return found
        raise AssertionError(f"no line matches {pattern!r} in:\n" + "\n".join(self.lines[-60:]))

    def close(self) -> None:
        """Kill it, if it still runs, and let go of its pipe."""
        self.process.kill()
        self.process.wait()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as stream:
            for line in stream:
                self.lines.append(line.rstrip("\n"))
                self._new.put(line.rstrip("\n"))
        self._new.put(None)


def stand_in(mark: str, *table: str, **environment: str) -> Told:
    """A supervisor of simple children."""
    module = [sys.executable, "-m", "tests.runtime.stand_in"]
    return Told([*module, mark, *table], **environment)


def left_of(mark: str) -> list[str]:
    """The command lines of what still runs in the house `mark`."""
    return commands(processes.of_house(mark))


def commands(running: Iterable[psutil.Process]) -> list[str]:
    """The command lines of those that still run; a zombie does not."""
    lines = []
    for process in running:
        with contextlib.suppress(psutil.Error):
            lines.append(" ".join(process.cmdline()))
    return lines


def gone(pid: int) -> bool:
    """Whether no such process runs; a zombie does not."""
    try:
        return bool(psutil.Process(pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def soon(is_so: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it becomes so in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if is_so():
            return True
        time.sleep(0.02)
    return False
