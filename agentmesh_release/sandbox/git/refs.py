"""Branches and tags, read in one go and kept until something writes."""

from dataclasses import dataclass
from pathlib import Path

from .environment import Git

FORMAT = "%(objectname) %(objecttype) %(*objectname) %(*objecttype) %(refname)"


@dataclass(frozen=True)
class Ref:
    """A full ref name, the object it points at, the commit behind it ("" when there is none)."""

    name: str
    object_id: str
    object_kind: str
    commit: str

    @property
    def short(self) -> str:
        """The name without `refs/heads/` or `refs/tags/`."""
        return self.name.split("/", 2)[2]


def read(git: Git, directory: Path) -> dict[str, Ref]:
    """All branches and tags by full name, without those that are not UTF-8: no URL holds them."""
    output = git.run("for-each-ref", f"--format={FORMAT}", "refs/heads", "refs/tags", cwd=directory)
    refs = {}
    for line in output.splitlines():
        object_id, kind, peeled, peeled_kind, raw = line.split(b" ", 4)
        try:
            name = raw.decode()
        except UnicodeDecodeError:
            continue
        commit = object_id if kind == b"commit" else peeled if peeled_kind == b"commit" else b""
        refs[name] = Ref(name, object_id.decode(), kind.decode(), commit.decode())
    return refs
