"""A release's record: parts, each with where it comes from and how old it is."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from ..models.release import Release

EXCERPT = 4_000  # characters of a build's log on a page


@dataclass(frozen=True)
class Extent:
    """How much of long lists is told; None is all of it."""

    pulls: int | None = None
    has_commits: bool = True
    log_length: int | None = None


ALL = Extent()
PAGE = Extent(pulls=50, has_commits=False, log_length=EXCERPT)


@dataclass(frozen=True)
class Part:
    """One part. `as_of` is when its source was read, None for what is kept here and so is current.

    `unknown` says in a sentence what is not known; empty where nothing is missing.
    """

    name: str
    title: str
    source: str
    data: dict[str, Any] = field(default_factory=dict)
    as_of: datetime | None = None
    unknown: str = ""


@dataclass(frozen=True)
class Record:
    """The parts of one release, in the order in which a reader wants them."""

    release: Release
    git: Part
    pull_requests: Part
    ci: Part
    build: Part
    artifacts: Part
    security: Part
    decisions: Part
    production: Part
    known_issues: Part
    history: Part

    def __iter__(self) -> Iterator[Part]:
        parts = (value for value in vars(self).values() if isinstance(value, Part))
        return iter(tuple(parts))

    def with_pulls(self, most: int) -> "Record":
        """The same with no more than so many pull requests, for a page."""
        told = self.pull_requests
        shown = {**told.data, "pulls": told.data["pulls"][:most]}
        return replace(self, pull_requests=replace(told, data=shown))
