"""One `git cat-file` that stays open: objects are read without starting a process for each."""

import subprocess
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from .environment import Git


@dataclass(frozen=True)
class GitObject:
    """What the object store holds under an id."""

    id: str
    kind: str
    size: int
    data: bytes


class ObjectPipe:
    """Asks for one object at a time; restarts its process when that died."""

    def __init__(self, git: Git, directory: Path) -> None:
        self._git = git
        self._directory = directory
        self._lock = threading.Lock()
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    def read(self, object_id: str) -> GitObject | None:
        """The whole object, or None when the repository does not have it."""
        with self._lock:
            head, out = self._ask("--batch", object_id)
            if head is None:
                return None
            data = out.read(int(head[2]))
            out.read(1)
            return GitObject(head[0], head[1], int(head[2]), data)

    def size(self, object_id: str) -> int | None:
        """The object's size in bytes, without reading it."""
        with self._lock:
            head, _ = self._ask("--batch-check", object_id)
            return None if head is None else int(head[2])

    def _ask(self, mode: str, object_id: str) -> tuple[list[str] | None, IO[bytes]]:
        if not is_object_id(object_id):
            raise ValueError("only full object ids are asked for")
        for attempt in (1, 2):
            process = self._process(mode, fresh=attempt == 2)
            assert process.stdin is not None  # noqa: S101
            assert process.stdout is not None  # noqa: S101
            try:
                process.stdin.write(object_id.encode() + b"\n")
                process.stdin.flush()
            except BrokenPipeError:
                continue
            line = process.stdout.readline()
            if line:
                head = line.decode().split()
                return (None if head[-1] == "missing" else head), process.stdout
        raise OSError("git cat-file does not stay alive")

    def _process(self, mode: str, *, fresh: bool) -> subprocess.Popen[bytes]:
        process = self._processes.get(mode)
        if process is None or fresh or process.poll() is not None:
            if process is not None:
                _end(process)
            process = subprocess.Popen(  # noqa: S603
                ["git", "cat-file", mode],  # noqa: S607
                cwd=self._directory,
                env=self._git.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
            self._processes[mode] = process
        return process

    def close(self) -> None:
        """End the processes."""
        with self._lock:
            for process in self._processes.values():
                _end(process)
            self._processes.clear()


def is_object_id(text: str) -> bool:
    """Whether this is a full id: 40 hex digits (SHA-1) or 64 (SHA-256)."""
    return len(text) in (40, 64) and all(letter in "0123456789abcdef" for letter in text)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()
