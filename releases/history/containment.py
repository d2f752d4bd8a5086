"""Which release first contains each commit, told in the one pass that reads the commits.

A commit is in every release whose tag can reach it, and belongs to the earliest of them. Read with
children before parents, a commit has heard from all its children when its turn comes, so the
earliest release is handed down from child to parent, and only the open ends are remembered.

Earliest means by date, but never against the history: a release that another one contains came
first, whatever their dates say. A release therefore takes over any earlier date that was handed
down to it, and of two with the same date the one that stands deeper wins.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from releases.conventional.versions import is_stable, precedence_key
from releases.history.tags import Tag


@dataclass(frozen=True, slots=True)
class Place:
    """Where a commit stands in the history; releases are tag names, None for not released.

    `release` is the first of any kind, `stable_release` the first that is no pre-release;
    `is_trunk` says that it is on the first-parent line of the default branch.
    """

    is_trunk: bool
    is_on_head: bool
    release: str | None
    stable_release: str | None


class _Release(NamedTuple):
    """Compares as earlier first; `depth` falls with the place in the stream."""

    date: float
    depth: int
    name: str


class Containment:
    """Places the commits one after the other, in the order of `git log --date-order`."""

    def __init__(self, head: str | None, tags: Iterable[Tag]) -> None:
        listed = tuple(tags)
        self._trunk = head
        self._on_head: set[str] = {head} if head else set()
        self._any = _Line(listed)
        self._stable = _Line(tag for tag in listed if is_stable(tag.version))

    def place(self, sha: str, parents: tuple[str, ...], committed_at: datetime) -> Place:
        """Place the next commit; each is to be given once, after all its children."""
        is_trunk = sha == self._trunk
        if is_trunk:
            self._trunk = parents[0] if parents else None
        is_on_head = sha in self._on_head
        if is_on_head:
            self._on_head.remove(sha)
            self._on_head.update(parents)
        date = committed_at.timestamp()
        release = self._any.hand_down(sha, parents, date)
        return Place(is_trunk, is_on_head, release, self._stable.hand_down(sha, parents, date))


class _Line:
    """The releases of one kind on their way down the history."""

    def __init__(self, tags: Iterable[Tag]) -> None:
        self._tagged: dict[str, list[Tag]] = defaultdict(list)
        for tag in tags:
            self._tagged[tag.sha].append(tag)
        self._open: dict[str, _Release] = {}
        self._depth = 0

    def hand_down(self, sha: str, parents: tuple[str, ...], date: float) -> str | None:
        self._depth -= 1
        release = self._open.pop(sha, None)
        if tags := self._tagged.get(sha):
            release = self._own(tags, release, date)
        if release is None:
            return None
        for parent in parents:
            other = self._open.get(parent)
            self._open[parent] = release if other is None else min(release, other)
        return release.name

    def _own(self, tags: list[Tag], heard: _Release | None, date: float) -> _Release:
        def since(tag: Tag) -> float:
            return tag.tagged_at.timestamp() if tag.tagged_at else date

        first = min(tags, key=lambda tag: (since(tag), precedence_key(tag.version)))
        own = since(first)
        return _Release(min(own, heard.date) if heard else own, self._depth, first.name)
