"""Where a house keeps what it has: everything lies under `var/` of its checkout."""

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from .stamp import Stamp


@dataclass(frozen=True)
class Place:
    """The directories and files of one house; `VAR_DIR` moves `var` elsewhere."""

    checkout: Path
    var: Path

    @classmethod
    def of(cls, checkout: Path) -> "Place":
        var = os.environ.get("VAR_DIR") or checkout / "var"
        return cls(checkout.resolve(), Path(var).expanduser().resolve())

    def make(self) -> None:
        """Make the directories. A new `var` may be entered by the user that PostgreSQL runs as;
        what is private in it has a mode of its own. Raises OSError."""
        if not self.var.exists():
            self.var.mkdir(parents=True)
            self.var.chmod(0o755)
        for private in (self.secrets, self.sandbox, self.spool):
            private.mkdir(mode=0o700, exist_ok=True)

    @property
    def mark(self) -> str:
        """What every process of this house carries in its environment."""
        return str(self.var)

    @property
    def cluster_name(self) -> str:
        """The name of its PostgreSQL cluster in process titles (at most 63 bytes)."""
        return f"agentmesh-{hashlib.sha256(os.fsencode(self.var)).hexdigest()[:12]}"

    @property
    def secrets(self) -> Path:
        return self.var / "secrets"

    @property
    def cluster(self) -> Path:
        return self.var / "postgres"

    @property
    def sockets(self) -> Path:
        """A link to the private directory of PostgreSQL's socket."""
        return self.var / "sockets"

    @property
    def spool(self) -> Path:
        return self.var / "spool"

    @property
    def sandbox(self) -> Path:
        return self.var / "sandbox"

    @property
    def beat(self) -> Path:
        return self.var / "beat"

    @property
    def lock(self) -> Path:
        return self.var / "up.lock"

    @property
    def embedded_env(self) -> Path:
        return self.var / "embedded.env"

    @property
    def imported(self) -> Path:
        """The repositories that a start has imported, one path a line."""
        return self.var / "imported"

    def collected(self) -> Stamp:
        """Of the static files under `var`."""
        return self._stamp(self.var / "static.stamp", [self.checkout / "static"])

    def migrated(self) -> Stamp:
        """Of the database's schema."""
        folders = self.checkout.glob("*/migrations"), self.checkout.glob("*/*/migrations")
        return self._stamp(self.var / "schema.stamp", chain(*folders))

    def _stamp(self, path: Path, sources: Iterable[Path]) -> Stamp:
        return Stamp(path, self.checkout / "requirements.txt", sources)
