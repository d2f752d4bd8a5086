"""What the house says: one line at a time, each with the name of the process that wrote it."""

import contextlib
import os
import queue
import sys
import threading
from typing import TextIO

WIDTH = 9
LINES = 10_000
# Distinct on a light and on a dark terminal: the 16 ANSI colours follow the terminal's theme.
COLOURS = ("36", "33", "32", "35", "34", "31")
CONTROLS = dict.fromkeys((*range(9), *range(11, 27), *range(28, 32), 127))


class Log:
    """Writes to a stream from its own thread, so that a stopped terminal stops no process.

    When the reader falls `LINES` behind, lines are dropped and counted.
    """

    def __init__(self, stream: TextIO = sys.stdout, *, colour: bool | None = None) -> None:
        self._stream = stream
        self._colour = _wants_colour(stream) if colour is None else colour
        self._names: dict[str, str] = {}
        self._lines: queue.Queue[str | None] = queue.Queue(LINES)
        self._dropped = 0
        self._thread = threading.Thread(target=self._write, name="log", daemon=True)
        self._thread.start()

    def say(self, name: str, line: str) -> None:
        """Write one line of process `name`, unless it is blank; control characters other than
        colour are taken out."""
        if not line.strip():
            return
        self._put(f"{self._prefix(name)} {line.rstrip().translate(CONTROLS)}")

    def announce(self, line: str) -> None:
        """Write one line of the house itself, without a prefix."""
        self._put(line)

    def is_idle(self) -> bool:
        """Whether everything that was said has been handed to the stream."""
        return self._lines.unfinished_tasks == 0

    def close(self, timeout_s: float = 2) -> None:
        """Write what waits, for at most `timeout_s` seconds."""
        try:
            self._lines.put(None, timeout=timeout_s)
        except queue.Full:
            return
        self._thread.join(timeout_s)

    def _put(self, line: str) -> None:
        try:
            if self._dropped:
                self._lines.put_nowait(f"({self._dropped} lines were dropped: nobody read them)")
                self._dropped = 0
            self._lines.put_nowait(line)
        except queue.Full:
            self._dropped += 1

    def _prefix(self, name: str) -> str:
        if name not in self._names:
            label = f"{name:<{WIDTH}}|"
            colour = COLOURS[len(self._names) % len(COLOURS)]
            self._names[name] = f"\x1b[{colour}m{label}\x1b[0m" if self._colour else label
        return self._names[name]

    def _write(self) -> None:
        while (line := self._lines.get()) is not None:
            with contextlib.suppress(OSError, ValueError):  # the terminal may go; the house stays
                self._stream.write(line + "\n")
                if self._lines.empty():
                    self._stream.flush()
            self._lines.task_done()


def _wants_colour(stream: TextIO) -> bool:
    """A terminal that did not decline (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
