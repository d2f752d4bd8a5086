"""The changelogs of made-up releases, out of what is known of their commits already."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ..conventional.changelog import BREAKING, OTHER, Changelog, Entry, Section, as_json
from ..conventional.policy import DEFAULT_POLICY
from .history import Landing


def changelog(
    commits: Sequence[Landing], *, tag: str, released_at: datetime | None, previous: str | None
) -> dict[str, Any]:
    """What `conventional.changelog` would make of these commits, as JSON's own types."""
    filed: dict[str, list[Entry]] = {}
    for commit in reversed(commits):
        key = BREAKING if commit.is_breaking else commit.type or OTHER
        filed.setdefault(key, []).append(_entry(commit))
    authors = tuple(dict.fromkeys(commit.author for commit in commits))
    told = Changelog(tag, released_at, previous, _sections(filed), len(commits), authors)
    return as_json(told)


def _entry(commit: Landing) -> Entry:
    return Entry(
        sha=commit.sha,
        type=commit.type or None,
        scope=commit.scope or None,
        description=commit.description,
        is_breaking=commit.is_breaking,
        notes=(),
        pull_request=commit.pull_request,
        authors=(commit.author,),
    )


def _sections(filed: dict[str, list[Entry]]) -> tuple[Section, ...]:
    headings = [(BREAKING, "Breaking changes", False)]
    headings += [(each.name, each.title, each.is_folded) for each in DEFAULT_POLICY.types]
    headings.append((OTHER, "Other changes", True))
    return tuple(
        Section(key, title, is_folded, tuple(filed[key]))
        for key, title, is_folded in sorted(headings, key=lambda heading: heading[2])
        if key in filed
    )
