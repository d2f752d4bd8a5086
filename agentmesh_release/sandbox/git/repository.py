"""One bare clone: everything the vendors read from it."""

import threading
from pathlib import Path

from . import commit as commits
from . import refs, tree
from .commit import Commit
from .environment import Git, GitFailed
from .history import History
from .pipe import GitObject, ObjectPipe, is_object_id
from .refs import Ref


class Repository:
    """Reads go through an open pipe; refs and lists are kept in memory until `reread`."""

    def __init__(self, git: Git, directory: Path) -> None:
        self.git = git
        self.directory = directory
        self.pipe = ObjectPipe(git, directory)
        self.history = History(git, directory)
        self.writing = threading.RLock()
        self._refs: dict[str, Ref] | None = None
        self._shallow: frozenset[str] | None = None

    @property
    def refs(self) -> dict[str, Ref]:
        """All branches and tags by full name."""
        kept = self._refs
        if kept is None:
            kept = self._refs = refs.read(self.git, self.directory)
        return kept

    @property
    def shallow(self) -> frozenset[str]:
        """The commits at which a shallow clone was cut off: their parents are not here."""
        if self._shallow is None:
            file = self.directory / "shallow"
            self._shallow = frozenset(file.read_text().split() if file.exists() else ())
        return self._shallow

    def reread(self) -> None:
        """Forget what was kept: something wrote."""
        self._refs = None
        self._shallow = None

    def branch(self, name: str) -> str | None:
        """The commit at the head of a branch."""
        found = self.refs.get(f"refs/heads/{name}")
        return found.commit if found else None

    def object(self, object_id: str) -> GitObject | None:
        """An object by its full id."""
        return self.pipe.read(object_id)

    def commit(self, sha: str) -> Commit | None:
        """A commit by its full id; parents beyond a shallow cut are left out."""
        found = self.pipe.read(sha) if is_object_id(sha) else None
        if found is None or found.kind != "commit":
            return None
        parsed = commits.parse(sha, found.data)
        if sha in self.shallow:
            return Commit(sha, parsed.tree, (), parsed.author, parsed.committer, parsed.message)
        return parsed

    def resolve(self, name: str) -> str | None:
        """The commit that a branch, a tag, a full ref or a (shortened) id names."""
        for full in (f"refs/heads/{name}", f"refs/tags/{name}", name, f"refs/{name}"):
            if full in self.refs:
                return self.refs[full].commit or None
        if is_object_id(name):
            return name if self.commit(name) else None
        if 4 <= len(name) < 40 and all(letter in "0123456789abcdef" for letter in name):
            return self._complete(name)
        return None

    def _complete(self, short: str) -> str | None:
        try:
            output = self.git.run(
                "rev-parse", "--quiet", "--verify", f"{short}^{{commit}}", cwd=self.directory
            )
        except GitFailed:
            return None
        return output.decode().strip()

    def entry(self, sha: str, path: str) -> tree.Entry | None:
        """The file or directory at a path of a commit."""
        commit = self.commit(sha)
        return tree.find(self.pipe, commit.tree, path) if commit else None

    def directory_of(self, tree_id: str) -> list[tree.Entry]:
        """The entries of a tree."""
        return tree.entries(self.pipe, tree_id)

    def merge_base(self, one: str, other: str) -> str | None:
        """The best common ancestor of two commits, or None."""
        try:
            return self.git.run("merge-base", one, other, cwd=self.directory).decode().split()[0]
        except GitFailed:
            return None

    def close(self) -> None:
        """End the open processes."""
        self.pipe.close()
