"""Everything one running sandbox holds, handed to whoever answers a request."""

import threading
from dataclasses import dataclass
from pathlib import Path

from .faults import Faults
from .git.environment import Git
from .git.shelf import Shelf
from .journal import Journal
from .requestlog import RequestLog
from .store import Store


@dataclass(frozen=True)
class Options:
    """What the command line said. Durations in seconds."""

    state: Path
    app_database_url: str = ""
    product_url: str = ""
    build_seconds: float = 4.0
    check_seconds: float = 6.0
    alias_seconds: float = 1.0


class Sandbox:
    """The parts, made once at start and closed at the end."""

    def __init__(self, options: Options) -> None:
        options.state.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.options = options
        self.stopping = threading.Event()
        self.store = Store(options.state / "state.sqlite3")
        self.journal = Journal(self.store)
        self.faults = Faults(self.store)
        self.requests = RequestLog()
        self.git = Git(options.state)
        self.repositories = Shelf(self.git, options.state / "repositories")

    def seconds(self, name: str) -> float:
        """How long a build, a check or an alias job takes now: the control page's word first."""
        return float(self.store.setting(name) or getattr(self.options, name))

    def close(self) -> None:
        """Let hanging requests go and end the git processes."""
        self.stopping.set()
        self.repositories.close()
        self.store.close()
