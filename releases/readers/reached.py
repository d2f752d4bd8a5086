"""When did it reach production? Asked by pull request, issue or commit."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from django.db.models import OuterRef, Q, QuerySet, Subquery

from agentmesh_release.core.words import Words, exact

from ..models.activation import Activation
from ..models.commit import Commit
from ..models.environment import Environment
from ..models.pull_request import PullRequest
from ..models.release import Release
from .closing import WORDS, closed_by

Kind = Literal["number", "commit"]
_NUMBER = re.compile(r"(?:#|(?:https?://\S{1,200})?/(?:pull|issues)/)([0-9]{1,9})/?")
_BARE_NUMBER = re.compile(r"[0-9]{1,6}")
_COMMIT = re.compile(r"(?:https?://\S{1,200}/commit/)?([0-9a-fA-F]{7,64})")
_MOST_COMMITS = 6
_LARGEST = 2**31 - 1
# Of a common number many messages hold the words; this many are read for a footer.
_MOST_READ = 200


@dataclass(frozen=True)
class Wanted:
    """What was asked for: a number of a pull request or issue, or the start of a commit's name."""

    kind: Kind
    value: str

    def __str__(self) -> str:
        return f"#{self.value}" if self.kind == "number" else self.value

    @property
    def number(self) -> int:
        return int(self.value)


@dataclass(frozen=True)
class Arrival:
    """A commit that answers, and how far it came.

    `how` is "commit", "pull request" or "issue". `first` is when production first ran it, and
    `running` what production runs now, whatever that is.
    """

    commit: Commit
    how: str
    first: Activation | None
    running: Activation | None

    @property
    def release(self) -> Release | None:
        """The first that has it."""
        return self.commit.release

    @property
    def is_live(self) -> bool:
        """Whether production still runs a release that has it."""
        return self.running is not None and _has(self.running, self.release)


@dataclass(frozen=True)
class Answer:
    """`arrivals` newest first; `more` says that there are others. `pulls` are pull requests
    of that number that no commit is known of."""

    wanted: Wanted
    arrivals: tuple[Arrival, ...]
    more: bool
    pulls: tuple[PullRequest, ...]


def wanted_by(text: str) -> Wanted | None:
    """Whether a search asks for one change: `#12`, `12`, the address of a pull request, or at
    least seven hexadecimal digits. Seven digits and more alone are a commit."""
    text = text.strip()
    found = _NUMBER.fullmatch(text) or _BARE_NUMBER.fullmatch(text)
    if found:
        value = int(found[found.lastindex or 0])
        return Wanted("number", str(value)) if value <= _LARGEST else None
    commit = _COMMIT.fullmatch(text)
    return Wanted("commit", commit[1].lower()) if commit else None


def answer(text: str, project: str = "", among: Collection[str] | None = None) -> Answer | None:
    """Look it up, in one project (its slug) or in all, or `among` those alone; None where the text
    asks for no change."""
    wanted = wanted_by(text)
    if wanted is None:
        return None
    within = Q(project__slug=project) if project else Q()
    if among is not None:
        within &= Q(project__slug__in=among)
    found = _found(wanted, within)
    commits, more = found[:_MOST_COMMITS], len(found) > _MOST_COMMITS
    return Answer(wanted, _arrivals(commits), more, _pulls(wanted, within, commits))


def _found(wanted: Wanted, within: Q) -> list[tuple[Commit, str]]:
    """The commits that answer, newest first, and as what; one for each release and project."""
    commits = Commit.objects.filter(within).order_by("-position")
    if wanted.kind == "commit":
        named = _whole(commits.filter(sha__startswith=wanted.value)[: _MOST_COMMITS + 1])
        return [(each, "commit") for each in named.defer("message", "release__changelog")]
    may = commits.alias(words=Words("message")).filter(
        Q(pull_request=wanted.number) | Q(words=exact(WORDS, (wanted.value,)))
    )
    answers: dict[tuple[int, int | None, str], Commit] = {}
    for each in _whole(may[:_MOST_READ]):
        how = _how(each, wanted.number)
        if how:
            answers.setdefault((each.project_id, each.release_id, how), each)
    found = sorted(answers.items(), key=lambda item: item[0][2] == "issue")
    return [(commit, how) for (_, _, how), commit in found]


def _whole(few: QuerySet[Commit]) -> QuerySet[Commit]:
    """These with all that is said of them, which is read of no others."""
    commits = Commit.objects.filter(pk__in=few.values("pk")).select_related("project", "release")
    return commits.defer("release__changelog").order_by("-position")


def _how(commit: Commit, number: int) -> str:
    """The index finds who may be meant; reading the message decides."""
    if commit.pull_request == number:
        return "pull request"
    return "issue" if number in closed_by(commit.message) else ""


def _has(ran: Activation, brought: Release | None) -> bool:
    """Whether it ran what that release brought: that release, or one after it, by version and in
    time (a later release of an older line does not have it)."""
    if brought is None or ran.release is None:
        return False
    is_later = ran.release.precedence > brought.precedence
    return ran.release == brought or (is_later and ran.release.released_at >= brought.released_at)


def _first() -> Subquery:
    """The oldest of the activations that have a commit (see `_has`) in production."""
    ran = Activation.objects.filter(
        Q(release=OuterRef("release"))
        | Q(
            release__precedence__gt=OuterRef("release__precedence"),
            release__released_at__gte=OuterRef("release__released_at"),
        ),
        environment__project=OuterRef("project"),
        environment__kind=Environment.Kind.PRODUCTION,
    )
    return Subquery(ran.order_by("since").values("pk")[:1])


def _arrivals(found: list[tuple[Commit, str]]) -> tuple[Arrival, ...]:
    if not found:
        return ()
    commits = Commit.objects.filter(pk__in=[commit.pk for commit, _ in found])
    live = Activation.objects.live().filter(
        environment__kind=Environment.Kind.PRODUCTION,
        environment__project__in={commit.project_id for commit, _ in found},
    )
    told = commits.values_list(_first()).union(live.values_list("pk"))
    rows = Activation.objects.filter(pk__in=told).select_related("environment", "release")
    rows = rows.defer("release__changelog")
    known: dict[int, list[Activation]] = {}
    for each in rows.order_by("since"):
        known.setdefault(each.environment.project_id, []).append(each)
    return tuple(
        Arrival(
            commit,
            how,
            next((each for each in own if _has(each, commit.release)), None),
            next((each for each in own if not each.until), None),
        )
        for commit, how in found
        for own in [known.get(commit.project_id, [])]
    )


def _pulls(wanted: Wanted, within: Q, found: list[tuple[Commit, str]]) -> tuple[PullRequest, ...]:
    if wanted.kind != "number":
        return ()
    known = {commit.project_id for commit, how in found if how == "pull request"}
    pulls = PullRequest.objects.filter(within, number=wanted.number).exclude(project__in=known)
    return tuple(pulls.select_related("project")[:3])
