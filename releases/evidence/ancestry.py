"""Which commits of a branch contain which, out of its list of commits: no call for each tag.

Comparing every tag of a long history with its head would cost more calls than a token has; the list
of the branch's commits, a hundred a call, tells the same.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from agentmesh_release.providers.github import Commit


class Ancestry:
    """The commits of a branch with their parents."""

    def __init__(self, commits: Iterable[Commit]) -> None:
        listed = {commit.sha: commit for commit in commits}
        self._parents = {sha: commit.parents for sha, commit in listed.items()}
        self._at = {
            sha: commit.committed_at or commit.authored_at for sha, commit in listed.items()
        }

    def __contains__(self, sha: str) -> bool:
        return sha in self._parents

    def at(self, sha: str) -> datetime | None:
        """When that commit was made."""
        return self._at[sha]

    def behind(self, sha: str) -> int:
        """How many commits of the branch that one does not contain."""
        return len(self._parents) - sum(1 for _ in self.reached(sha, ()))

    def reached(self, sha: str, known: Collection[str]) -> Iterator[str]:
        """That commit and what it contains, but for `known` commits and what those contain."""
        seen = {sha}
        waiting = [sha] if sha in self._parents and sha not in known else []
        while waiting:
            here = waiting.pop()
            yield here
            for parent in self._parents[here]:
                if parent in self._parents and parent not in seen and parent not in known:
                    seen.add(parent)
                    waiting.append(parent)
