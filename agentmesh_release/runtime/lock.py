"""One supervisor a checkout."""

import fcntl
import json
import os
from pathlib import Path


class Occupied(Exception):
    """Another supervisor holds the house."""


class HouseLock:
    """An flock on a file, which the kernel lets go of however its holder ends.

    The file says who holds it, for the sentence that refuses the next one.
    """

    def __init__(self, path: Path) -> None:
        self._file = path.open("a+", encoding="utf-8")

    def take(self) -> None:
        """Raises Occupied, with a sentence, where another process has it."""
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sentence = self._sentence()
            self._file.close()
            raise Occupied(sentence) from None
        self.say(url="")

    def close(self) -> None:
        """Let go of the house."""
        self._file.close()

    def say(self, *, url: str) -> None:
        """Note where the house answers."""
        self._file.seek(0)
        self._file.truncate()
        self._file.write(json.dumps({"pid": os.getpid(), "url": url}))
        self._file.flush()

    def _sentence(self) -> str:
        self._file.seek(0)
        try:
            holder = json.loads(self._file.read())
            where = f" as process {holder['pid']}" + (f", at {holder['url']}" * bool(holder["url"]))
        except (ValueError, KeyError, TypeError):
            where = ""
        return (
            f"AgentMesh Release already runs in this checkout{where}. "
            "Use that one, or stop it (Ctrl-C there) and start again."
        )
