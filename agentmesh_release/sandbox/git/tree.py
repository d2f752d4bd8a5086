"""Directories of a commit, read from tree objects."""

from dataclasses import dataclass

from .pipe import ObjectPipe


@dataclass(frozen=True)
class Entry:
    """One line of a tree."""

    mode: str
    name: str
    id: str

    @property
    def kind(self) -> str:
        """`dir`, `file`, `symlink` or `submodule`, as GitHub's contents name them."""
        return {"40000": "dir", "120000": "symlink", "160000": "submodule"}.get(self.mode, "file")


def entries(pipe: ObjectPipe, tree_id: str) -> list[Entry]:
    """The lines of a tree object; empty when the id is no tree."""
    found = pipe.read(tree_id)
    if found is None or found.kind != "tree":
        return []
    width = len(tree_id) // 2
    lines, data, at = [], found.data, 0
    while at < len(data):
        space = data.index(b" ", at)
        end = data.index(b"\0", space)
        mode, name = data[at:space].decode(), data[space + 1 : end].decode("utf-8", "replace")
        at = end + 1 + width
        lines.append(Entry(mode, name, data[end + 1 : at].hex()))
    return lines


def find(pipe: ObjectPipe, tree_id: str, path: str) -> Entry | None:
    """The entry at a path below a tree; the tree itself for an empty path."""
    here = Entry("40000", "", tree_id)
    for part in [part for part in path.split("/") if part]:
        if here.kind != "dir":
            return None
        inside = [entry for entry in entries(pipe, here.id) if entry.name == part]
        if not inside:
            return None
        here = inside[0]
    return here
