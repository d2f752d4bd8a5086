"""The changelog of one release: what breaks, what is new, what is mended, and the rest."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from releases.conventional.changes import Change, surviving
from releases.conventional.policy import DEFAULT_POLICY, Policy

BREAKING = "breaking"
OTHER = "other"
# A subject line of megabytes is no description; the commit itself keeps the whole.
_LONGEST_DESCRIPTION = 300
_LONGEST_NOTE = 4_000
_MOST_AUTHORS = 20


@dataclass(frozen=True, slots=True)
class Entry:
    """One change in one line; `notes` say what breaks, where that is more than the description."""

    sha: str
    type: str | None
    scope: str | None
    description: str
    is_breaking: bool
    notes: tuple[str, ...]
    pull_request: int | None
    authors: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The entries of one kind, newest first; `key` is a type, `breaking` or `other`."""

    key: str
    title: str
    is_folded: bool
    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Changelog:
    """What a release brings. `commit_count` and `authors` also count what the notes leave out."""

    version: str
    released_at: datetime | None
    previous: str | None
    sections: tuple[Section, ...]
    commit_count: int
    authors: tuple[str, ...]


def build(
    changes: Iterable[Change],
    *,
    version: str,
    released_at: datetime | None = None,
    previous: str | None = None,
    policy: Policy = DEFAULT_POLICY,
) -> Changelog:
    """Put the changes (newest first) of one release into sections, in the policy's order.

    Breaking changes come first and only there; merges and what was reverted again are left out.
    """
    listed = tuple(changes)
    filed: dict[str, list[Entry]] = defaultdict(list)
    for change in surviving(listed):
        if change.reading.kind != "merge":
            filed[_key(change, policy)].append(_entry(change))
    return Changelog(
        version, released_at, previous, tuple(_sections(filed, policy)), len(listed), _all(listed)
    )


def as_json(changelog: Changelog) -> dict[str, Any]:
    """The changelog as JSON's own types; times in ISO 8601."""
    at = changelog.released_at
    return {**asdict(changelog), "released_at": at.isoformat() if at else None}


def from_json(data: dict[str, Any]) -> Changelog:
    """What `as_json` gave, read back, also after a way through a database."""
    at = data["released_at"]
    sections = (
        {**part, "entries": tuple(map(_entry_from_json, part["entries"]))}
        for part in data["sections"]
    )
    return Changelog(
        **{
            **data,
            "released_at": datetime.fromisoformat(at) if at else None,
            "sections": tuple(Section(**part) for part in sections),
            "authors": tuple(data["authors"]),
        }
    )


def _entry_from_json(data: dict[str, Any]) -> Entry:
    return Entry(**{**data, "notes": tuple(data["notes"]), "authors": tuple(data["authors"])})


def _key(change: Change, policy: Policy) -> str:
    if change.reading.is_breaking:
        return BREAKING
    known = policy.type_named(change.reading.type)
    return known.name if known else OTHER


def _entry(change: Change) -> Entry:
    reading = change.reading
    description = shortened(reading.description, _LONGEST_DESCRIPTION)
    return Entry(
        sha=change.sha,
        type=reading.type,
        scope=shortened(reading.scope, 60) if reading.scope else None,
        description=description,
        is_breaking=reading.is_breaking,
        notes=tuple(
            _cut(note, _LONGEST_NOTE)
            for note in reading.breaking_notes
            if note != reading.description
        ),
        pull_request=reading.pull_request,
        authors=change.authors[:_MOST_AUTHORS],
    )


def shortened(text: str, longest: int) -> str:
    """The text on one line, cut to `longest` characters."""
    return _cut(" ".join(text[: longest * 4].split()), longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def _sections(filed: dict[str, list[Entry]], policy: Policy) -> Iterator[Section]:
    headings = (
        (BREAKING, "Breaking changes", False),
        *((known.name, known.title, known.is_folded) for known in policy.types),
        (OTHER, "Other changes", True),
    )
    for key, title, is_folded in sorted(headings, key=lambda heading: heading[2]):
        if key in filed:
            yield Section(key, title, is_folded, tuple(filed[key]))


def _all(changes: Iterable[Change]) -> tuple[str, ...]:
    """Everybody, those with the most commits first."""
    counted = Counter(name for change in changes for name in change.authors)
    return tuple(sorted(counted, key=lambda name: (-counted[name], name)))
