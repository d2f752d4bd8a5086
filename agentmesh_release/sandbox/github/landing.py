"""The pull requests that a history tells of: merge commits and subjects that end in `(#123)`."""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass

from ..git.repository import Repository

MERGE = re.compile(r"^Merge pull request #(\d+) from (\S+)")
SQUASH = re.compile(r"\(#(\d+)\)\s*$")
# Fields on lines of their own; a subject is one line by definition, a name never holds a newline.
FORMAT = "%H%n%P%n%ct%n%aN%n%s"


@dataclass(frozen=True, slots=True)
class Landed:
    """One merged pull request, as the default branch shows it. `at_s` is the merge's time."""

    number: int
    sha: str
    parents: tuple[str, ...]
    at_s: int
    author: str
    title: str
    head_ref: str
    is_merge: bool


class Landings:
    """All merged pull requests of one default branch; each look adds what is new since the last."""

    def __init__(self, repository: Repository) -> None:
        self._repository = repository
        self._lock = threading.Lock()
        self._tip = ""
        self._parents: dict[str, tuple[str, ...]] = {}
        self.by_number: dict[int, Landed] = {}
        self._by_sha: dict[str, int] = {}

    def look(self, tip: str) -> "Landings":
        """Bring the index up to `tip`."""
        with self._lock:
            if tip != self._tip:
                since = [f"^{self._tip}"] if self._tip else []
                self._add(list(self._read(tip, since)))
                self._tip = tip
        return self

    def _read(self, tip: str, since: list[str]) -> Iterator[tuple[str, list[str], int, str, str]]:
        output = self._repository.git.run(
            "log",
            "--reverse",
            "--topo-order",
            f"--format={FORMAT}",
            tip,
            *since,
            "--",
            cwd=self._repository.directory,
        )
        lines = output.decode(errors="replace").split("\n")
        for at in range(0, len(lines) - 4, 5):
            sha, parents, moment, author, subject = lines[at : at + 5]
            at_s = int(moment) if moment.isdigit() else 0
            yield sha, parents.split(), at_s, author, subject[:1024]

    def _add(self, commits: list[tuple[str, list[str], int, str, str]]) -> None:
        for sha, parents, at_s, author, subject in commits:
            self._parents[sha] = tuple(parents)
            landed = _landed(sha, tuple(parents), at_s, author, subject)
            if landed is not None:
                self.by_number.setdefault(landed.number, landed)
                self._by_sha.setdefault(sha, landed.number)
                if landed.is_merge:
                    self._claim(landed)

    def _claim(self, landed: Landed) -> None:
        """The commits that came in by a merge belong to its pull request."""
        first, waiting = landed.parents[0], [landed.parents[1]]
        on_trunk = self._trunk(first)
        for _ in range(250):
            if not waiting:
                return
            sha = waiting.pop()
            if sha in on_trunk or sha in self._by_sha:
                continue
            self._by_sha[sha] = landed.number
            waiting += self._parents.get(sha, ())

    def _trunk(self, first: str) -> set[str]:
        """The newest commits of the trunk before a merge; a pull request starts at one of them."""
        near: set[str] = set()
        while first and len(near) < 100:
            near.add(first)
            first = next(iter(self._parents.get(first, ())), "")
        return near

    def of_commit(self, sha: str) -> Landed | None:
        """The pull request that brought a commit in."""
        number = self._by_sha.get(sha)
        return self.by_number[number] if number is not None else None


def _landed(
    sha: str, parents: tuple[str, ...], at_s: int, author: str, subject: str
) -> Landed | None:
    merge = MERGE.match(subject) if len(parents) > 1 else None
    if merge is not None:
        ref = merge[2].partition("/")[2] or merge[2]
        return Landed(int(merge[1]), sha, parents, at_s, author, "", ref, is_merge=True)
    squash = SQUASH.search(subject)
    if squash is None or len(squash[1]) > 9:
        return None
    title = subject[: squash.start()].strip()[:256]
    number = int(squash[1])
    return Landed(number, sha, parents, at_s, author, title, f"pull-{number}", is_merge=False)
