"""The bare clones by project name; opened once, closed together."""

import threading
from pathlib import Path

from .environment import Git
from .repository import Repository


class Shelf:
    """Hands out one Repository per name."""

    def __init__(self, git: Git, directory: Path) -> None:
        self._git = git
        self._directory = directory
        self._lock = threading.Lock()
        self._open: dict[str, Repository] = {}

    def place(self, name: str) -> Path:
        """Where the bare clone of a project is."""
        return self._directory / f"{name}.git"

    def get(self, name: str) -> Repository:
        """The clone of a registered project."""
        with self._lock:
            if name not in self._open:
                self._open[name] = Repository(self._git, self.place(name))
            return self._open[name]

    def close(self) -> None:
        """End every clone's processes."""
        with self._lock:
            for repository in self._open.values():
                repository.close()
            self._open.clear()
