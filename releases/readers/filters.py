"""What a reader of the history asks for, and which releases have it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from functools import cached_property
from typing import Any

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.dateparse import parse_date

from ..conventional.policy import DEFAULT_POLICY
from ..models.activation import Activation
from ..models.commit import Commit, CommitQuerySet
from ..models.environment import Environment
from ..models.project import Project
from ..models.release import ReleaseQuerySet
from .reached import wanted_by

NAMES = ("q", "project", "environment", "type", "author", "since", "until")
BREAKING = "breaking"
TYPES = (
    (BREAKING, "Breaking changes"),
    *((each.name, each.title) for each in DEFAULT_POLICY.types),
)
_LONGEST = 200
# So many commits are fetched in a moment; of a hundred times as many nearly every release has one.
_FEW = 5_000
# Of so many of the newest commits this share fits: then those of the newest releases do.
_SAMPLE, _COMMON = 800, 0.005


@dataclass(frozen=True)
class Filters:
    """`chosen` is what was typed, by name; `refusals` say in sentences what of it says nothing and
    is left out. `since` and `until` are days in UTC, both of them included."""

    chosen: Mapping[str, str]
    refusals: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    known: Mapping[str, int] = field(default_factory=dict)

    @classmethod
    def read(cls, query: Mapping[str, Any], projects: Iterable[Project] = ()) -> "Filters":
        """The filters of a query string, whatever it holds; `projects` are those at hand."""
        chosen = {name: str(query.get(name, "")).strip()[:_LONGEST] for name in NAMES}
        since, until = (_day(chosen[name]) for name in ("since", "until"))
        known = {each.slug: each.pk for each in projects}
        return cls(chosen, tuple(_refusals(chosen, since, until)), since, until, known)

    def __bool__(self) -> bool:
        return any(self.chosen.values())

    @property
    def text(self) -> str:
        return self.chosen["q"]

    @property
    def asks_for_commits(self) -> bool:
        """Whether it depends on commits which releases are found."""
        return bool(self.text or self._type or self.chosen["author"])

    @cached_property
    def _project(self) -> int | None:
        """Its id: the planner knows how much that one has, but not what a slug stands for."""
        if known := self.known.get(self.chosen["project"]):
            return known
        found = Project.objects.filter(slug=self.chosen["project"])
        return found.values_list("pk", flat=True).first()

    @property
    def _type(self) -> str:
        return self.chosen["type"] if self.chosen["type"] in dict(TYPES) else ""

    def of(self, releases: ReleaseQuerySet) -> ReleaseQuerySet:
        """Those that fit."""
        releases = self._dated(releases)
        if self.chosen["project"]:
            releases = releases.filter(project=self._project)
        if self.chosen["environment"] in Environment.Kind.values:
            was_live = Activation.objects.filter(environment__kind=self.chosen["environment"])
            releases = releases.filter(Exists(was_live.filter(release=OuterRef("pk"))))
        asks_for_changes = bool(self._type or self.chosen["author"])
        if self.text:
            named = _named(self.text)
            if asks_for_changes:
                named &= _each(self._changes(unaided=True))
            releases = releases.filter(named | self._brings())
        elif asks_for_changes:
            releases = releases.filter(self._brings())
        return releases

    def commits(self, *, unaided: bool = False) -> CommitQuerySet:
        """The commits that it asks for: one and the same has the type, author and words."""
        changes = self._changes(unaided=unaided)
        return changes.saying(self.text, unaided=unaided) if self.text else changes

    def _changes(self, *, unaided: bool) -> CommitQuerySet:
        commits: CommitQuerySet = Commit.objects.all()
        if self.chosen["project"] and not unaided:  # where each release is asked, it is known
            commits = commits.filter(project=self._project)
        if self._type:
            commits = commits.filter(
                **({"is_breaking": True} if self._type == BREAKING else {"type": self._type})
            )
        author = self.chosen["author"]
        return commits.by_author(author, unaided=unaided) if author else commits

    def _brings(self) -> Q:
        """Whose changelog tells one of the commits (see `CommitQuerySet.told_by`).

        Few commits name their releases. Of many, nearly every release has one: then each release
        is asked, the newest first, and the first page is full soon. No planner can know which.
        """
        if wanted_by(self.text):  # a number or a commit is rare, and the page asks for more
            return _gathered(self.commits())
        if not self._are_common():
            some = self.commits().order_by().values_list("stable_release", "release")
            found = list(some[: _FEW + 1])
            if len(found) <= _FEW:
                return _named_by(found)
        return _each(self.commits(unaided=True))

    def _are_common(self) -> bool:
        """Whether some of the newest commits fit: that is read in a moment, while an index first
        gathers all that have a common word."""
        newest = Commit.objects.order_by("-pk")
        if self.chosen["project"]:
            newest = newest.filter(project=self._project).order_by("-position")
        sample = newest.values("pk")[:_SAMPLE]
        return self.commits(unaided=True).filter(pk__in=sample).count() >= _SAMPLE * _COMMON

    def _dated(self, releases: ReleaseQuerySet) -> ReleaseQuerySet:
        if self.since:
            begin = datetime.combine(self.since, time.min, UTC)
            releases = releases.filter(released_at__gte=begin)
        if self.until:
            end = datetime.combine(self.until, time.max, UTC)
            releases = releases.filter(released_at__lte=end)
        return releases


def _named(text: str) -> Q:
    """By version, tag or commit, each from its start, as written or in lower case."""
    lower = text.lower()
    found = Q(commit_sha__startswith=lower)
    for name in {text, lower}:
        found |= Q(version__startswith=name.removeprefix("v")) | Q(tag__startswith=name)
    return found


def _gathered(commits: CommitQuerySet) -> Q:
    """The releases that tell these commits, which are few."""
    stable = commits.filter(stable_release__isnull=False).values("stable_release")
    first = commits.filter(release__isnull=False).values("release")
    return Q(is_prerelease=False, pk__in=stable) | Q(is_prerelease=True, pk__in=first)


def _named_by(found: Iterable[tuple[int | None, int | None]]) -> Q:
    """The releases that tell commits of these stable and first releases."""
    stable, first = zip(*found, strict=True) if found else ((), ())
    return Q(is_prerelease=False, pk__in={*stable} - {None}) | Q(
        is_prerelease=True, pk__in={*first} - {None}
    )


def _each(commits: CommitQuerySet) -> Q:
    """Whose changelog tells one of these commits, asked of one release after the other: a limit
    keeps the planner from gathering all of the commits first."""
    stable = commits.order_by().filter(stable_release=OuterRef("pk")).values("stable_release")
    first = commits.order_by().filter(release=OuterRef("pk")).values("release")
    return Q(is_prerelease=False, pk=Subquery(stable[:1])) | Q(
        is_prerelease=True, pk=Subquery(first[:1])
    )


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
