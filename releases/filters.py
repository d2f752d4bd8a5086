"""What a reader of the history asks for, and which releases have it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.dateparse import parse_date

from .conventional.policy import DEFAULT_POLICY
from .models.activation import Activation
from .models.commit import Commit, CommitQuerySet
from .models.environment import Environment
from .models.release import ReleaseQuerySet

NAMES = ("q", "project", "environment", "type", "author", "since", "until")
BREAKING = "breaking"
TYPES = (
    (BREAKING, "Breaking changes"),
    *((each.name, each.title) for each in DEFAULT_POLICY.types),
)
_LONGEST = 200


@dataclass(frozen=True)
class Filters:
    """`chosen` is what was typed, by name; `refusals` say in sentences what of it says nothing and
    is left out. `since` and `until` are days in UTC, both of them included."""

    chosen: Mapping[str, str]
    refusals: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None

    @classmethod
    def read(cls, query: Mapping[str, Any]) -> "Filters":
        """The filters of a query string, whatever it holds."""
        chosen = {name: str(query.get(name, "")).strip()[:_LONGEST] for name in NAMES}
        since, until = (_day(chosen[name]) for name in ("since", "until"))
        return cls(chosen, tuple(_refusals(chosen, since, until)), since, until)

    def __bool__(self) -> bool:
        return any(self.chosen.values())

    @property
    def text(self) -> str:
        return self.chosen["q"]

    @property
    def asks_for_commits(self) -> bool:
        """Whether it depends on commits which releases are found."""
        return bool(self.text or self._type or self.chosen["author"])

    @property
    def _type(self) -> str:
        return self.chosen["type"] if self.chosen["type"] in dict(TYPES) else ""

    def of(self, releases: ReleaseQuerySet) -> ReleaseQuerySet:
        """Those that fit."""
        releases = self._dated(releases)
        if self.chosen["project"]:
            releases = releases.filter(project__slug=self.chosen["project"])
        if self.chosen["environment"] in Environment.Kind.values:
            was_live = Activation.objects.filter(environment__kind=self.chosen["environment"])
            releases = releases.filter(Exists(was_live.filter(release=OuterRef("pk"))))
        if self._type or self.chosen["author"]:
            releases = releases.filter(_brings(self._changes()))
        if self.text:
            releases = releases.filter(_named(self.text) | _brings(self.commits()))
        return releases

    def commits(self) -> CommitQuerySet:
        """The commits that it asks for: one and the same has the type, author and words."""
        changes = self._changes()
        return changes.saying(self.text) if self.text else changes

    def _changes(self) -> CommitQuerySet:
        commits: CommitQuerySet = Commit.objects.all()
        if self.chosen["project"]:
            commits = commits.filter(project__slug=self.chosen["project"])
        if self._type:
            commits = commits.filter(
                **({"is_breaking": True} if self._type == BREAKING else {"type": self._type})
            )
        return commits.by_author(self.chosen["author"]) if self.chosen["author"] else commits

    def _dated(self, releases: ReleaseQuerySet) -> ReleaseQuerySet:
        if self.since:
            begin = datetime.combine(self.since, time.min, UTC)
            releases = releases.filter(released_at__gte=begin)
        if self.until:
            end = datetime.combine(self.until, time.max, UTC)
            releases = releases.filter(released_at__lte=end)
        return releases


def _named(text: str) -> Q:
    """By version, tag or commit, each from its start."""
    name = text.lower()
    return (
        Q(version__istartswith=name.removeprefix("v"))
        | Q(tag__istartswith=name)
        | Q(commit_sha__startswith=name)
    )


def _brings(commits: CommitQuerySet) -> Q:
    """Whose changelog tells one of these commits (see `CommitQuerySet.told_by`)."""
    stable = commits.filter(stable_release__isnull=False).values("stable_release")
    first = commits.filter(release__is_prerelease=True).values("release")
    return Q(is_prerelease=False, pk__in=stable) | Q(is_prerelease=True, pk__in=first)


def _day(text: str) -> date | None:
    try:
        return parse_date(text)
    except ValueError:
        return None


def _refusals(chosen: Mapping[str, str], since: date | None, until: date | None) -> Iterator[str]:
    for name, known in (("since", since), ("until", until)):
        if chosen[name] and known is None:
            yield f"“{chosen[name][:40]}” is not a day. Write it like 2026-11-24."
    if since and until and since > until:
        yield "The first day is after the last, so nothing can fit. Change one of them."
    if chosen["type"] and chosen["type"] not in dict(TYPES):
        yield f"There is no type of change called “{chosen['type'][:40]}”, so all are shown."
    if chosen["environment"] and chosen["environment"] not in Environment.Kind.values:
        yield f"There is no environment called “{chosen['environment'][:40]}”, so all are shown."
