"""Lists of commit ids. A list is one block of bytes of fixed width, so any page is a slice."""

import threading
from collections import OrderedDict
from pathlib import Path

from .environment import Git

KEPT = 12


class IdList:
    """The output of `git rev-list`, read by position without being split."""

    def __init__(self, output: bytes) -> None:
        self._output = output
        self._width = output.find(b"\n") + 1

    def __len__(self) -> int:
        return len(self._output) // self._width if self._width else 0

    def slice(self, start: int, stop: int) -> list[str]:
        """The ids from `start` up to `stop`."""
        block = self._output[start * self._width : max(stop, 0) * self._width]
        return block.decode().split()


class History:
    """Runs `git rev-list` and keeps the newest answers, keyed by their arguments.

    Arguments name commits by id, so an answer never goes stale.
    """

    def __init__(self, git: Git, directory: Path) -> None:
        self._git = git
        self._directory = directory
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[str, ...], IdList] = OrderedDict()

    def ids(self, *arguments: str) -> IdList:
        """The ids that `git rev-list ARGUMENTS` prints."""
        with self._lock:
            if arguments in self._kept:
                self._kept.move_to_end(arguments)
                return self._kept[arguments]
        found = IdList(self._git.run("rev-list", *arguments, cwd=self._directory))
        with self._lock:
            self._kept[arguments] = found
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return found

    def count(self, *arguments: str) -> int:
        """How many commits `git rev-list ARGUMENTS` would print."""
        return int(self._git.run("rev-list", "--count", *arguments, cwd=self._directory))
