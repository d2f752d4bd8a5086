"""How the default branch is guarded: fully, weakly, or so that the token may not see it."""

import json
from dataclasses import asdict, dataclass

from ..project import Project
from ..sandbox import Sandbox
from .ci import NAMES

KINDS = ("full", "weak", "hidden")


@dataclass(frozen=True)
class Guard:
    """`kind` is one of KINDS; `checks` are required besides those of the sandbox's own CI."""

    kind: str = "full"
    checks: tuple[str, ...] = ()

    @property
    def is_weak(self) -> bool:
        return self.kind == "weak"

    @property
    def required(self) -> list[str]:
        """The names of the required checks."""
        return [*(() if self.is_weak else NAMES), *self.checks]


def of(sandbox: Sandbox, project: Project) -> Guard:
    """How a project's default branch is guarded now."""
    kept = sandbox.store.setting(f"guard:{project.name}")
    found = json.loads(kept) if kept else {}
    return Guard(found.get("kind", "full"), tuple(found.get("checks", ())))


def change(sandbox: Sandbox, project: Project, guard: Guard) -> None:
    """From now on it is guarded so."""
    sandbox.store.keep(f"guard:{project.name}", json.dumps(asdict(guard)))
