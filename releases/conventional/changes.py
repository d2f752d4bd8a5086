"""Commits as changes, and which of them are still there after the reverts among them."""

from bisect import bisect_left
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from releases.conventional.policy import DEFAULT_POLICY, Policy
from releases.conventional.reading import Reading, read
from releases.conventional.reverted import Reverted, plain

_CUT = "…"


@dataclass(frozen=True, slots=True)
class Change:
    """One commit, as versions and notes see it; `authors` are names, the main one first."""

    sha: str
    reading: Reading
    authors: tuple[str, ...] = ()


def change_of(
    sha: str,
    message: str,
    author: str = "",
    *,
    policy: Policy = DEFAULT_POLICY,
    is_merge: bool = False,
) -> Change:
    """Read a commit's message into a change; `is_merge` says that it has two parents or more."""
    reading = read(message, policy, is_merge=is_merge)
    names = dict.fromkeys(name for name in (author, *reading.co_authors) if name)
    return Change(sha, reading, tuple(names))


def surviving(changes: Iterable[Change]) -> tuple[Change, ...]:
    """Leave out each revert together with what it reverts; takes and returns newest first.

    A revert whose target is not among the changes stays: it takes back something released before.
    A revert that was itself reverted no longer takes anything back. A merge is never taken back:
    what it brought would stay, and nobody would read that it was reverted.
    """
    listed = tuple(changes)
    if not any(change.reading.reverts for change in listed):
        return listed
    older = _Older(listed)
    for position, change in enumerate(listed):
        wanted = change.reading.reverts
        if wanted is None or position in older.gone:
            continue
        targets = older.named(wanted, after=position)
        if targets:
            older.gone.update(targets, (position,))
    return tuple(change for at, change in enumerate(listed) if at not in older.gone)


def needed_flags(changes: Iterable[Change]) -> tuple[str, ...]:
    """The flags that the changes name as needed, in order; not those of what was reverted."""
    named = (key for change in surviving(changes) for key in change.reading.needs_flags)
    return tuple(dict.fromkeys(named))


class _Older:
    """Finds what a revert names among the changes that are older than it and still there."""

    def __init__(self, listed: Sequence[Change]) -> None:
        self.gone: set[int] = set()
        self._merges = {at for at, change in enumerate(listed) if change.reading.kind == "merge"}
        subjects = [plain(change.reading.subject) for change in listed]
        self._shas = _Sorted(change.sha for change in listed)
        self._starts = _Sorted(subjects)
        self._by_number: dict[int, deque[int]] = defaultdict(deque)
        self._by_subject: dict[str, deque[int]] = defaultdict(deque)
        self._by_start: dict[str, deque[int]] = {}
        for at, change in enumerate(listed):
            self._by_subject[subjects[at]].append(at)
            if change.reading.pull_request:
                self._by_number[change.reading.pull_request].append(at)

    def named(self, wanted: Reverted, *, after: int) -> tuple[int, ...]:
        found = tuple(at for sha in wanted.shas for at in self._commit(sha, after))
        if found:
            return found
        number = wanted.pull_request
        first = self._first(self._by_number.get(number), after) if number else None
        if first is None:
            first = self._subject(wanted.subject, after)
        return () if first is None else (first,)

    def _commit(self, sha: str, after: int) -> list[int]:
        """The commit of that id, if it is still there; none for a short id that fits several."""
        found = list(islice(self._shas.starting(sha), 2))
        return found if len(found) == 1 and self._is_left(found[0], after) else []

    def _subject(self, subject: str, after: int) -> int | None:
        first = self._first(self._by_subject.get(subject), after)
        if first is not None or not subject.endswith(_CUT):
            return first
        start = subject.removesuffix(_CUT)  # GitHub cuts a long title
        if start not in self._by_start:
            self._by_start[start] = deque(sorted(self._starts.starting(start)))
        return self._first(self._by_start[start], after)

    def _first(self, positions: deque[int] | None, after: int) -> int | None:
        """The newest one left; those dropped here are behind for every revert still to come."""
        while positions and not self._is_left(positions[0], after):
            positions.popleft()
        return positions[0] if positions else None

    def _is_left(self, at: int, after: int) -> bool:
        return at > after and at not in self.gone and at not in self._merges


class _Sorted:
    """Texts in order, so that those with one beginning are found without looking at the others."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._pairs = sorted((text, at) for at, text in enumerate(texts))

    def starting(self, start: str) -> Iterator[int]:
        """The positions of the texts that start so."""
        for near in range(bisect_left(self._pairs, (start, 0)), len(self._pairs)):
            text, at = self._pairs[near]
            if not text.startswith(start):
                return
            yield at
