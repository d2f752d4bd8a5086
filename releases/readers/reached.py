"""When did it reach production? Asked by pull request, issue or commit."""

import re
from dataclasses import dataclass
from typing import Literal

from django.db.models import OuterRef, Q, Subquery

from agentmesh_release.core.words import Words, exact

from ..models.activation import Activation
from ..models.commit import Commit, CommitQuerySet
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
        brought, running = self.release, self.running.release if self.running else None
        if brought is None or running is None:
            return False
        is_later = running.precedence > brought.precedence
        return running == brought or (is_later and running.released_at >= brought.released_at)


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


def answer(text: str, project: str = "") -> Answer | None:
    """Look it up, in one project (its slug) or in all; None where the text asks for no change."""
    wanted = wanted_by(text)
    if wanted is None:
        return None
    found = _found(wanted, project)
    commits, more = found[:_MOST_COMMITS], len(found) > _MOST_COMMITS
    return Answer(wanted, _arrivals(commits), more, _pulls(wanted, project, commits))


def _found(wanted: Wanted, project: str) -> list[tuple[Commit, str]]:
    """The commits that answer, newest first, and as what; one for each release and project."""
    commits: CommitQuerySet = Commit.objects.select_related("project", "release")
    commits = commits.defer("release__changelog").annotate(first=_first()).order_by("-position")
    if project:
        commits = commits.filter(project__slug=project)
    if wanted.kind == "commit":
        named = commits.defer("message").filter(sha__startswith=wanted.value)
        return [(each, "commit") for each in named[: _MOST_COMMITS + 1]]
    may = commits.alias(words=Words("message")).filter(
        Q(pull_request=wanted.number) | Q(words=exact(WORDS, (wanted.value,)))
    )
    answers: dict[tuple[int, int | None, str], Commit] = {}
    for each in may[:_MOST_READ]:
        how = _how(each, wanted.number)
        if how:
            answers.setdefault((each.project_id, each.release_id, how), each)
    found = sorted(answers.items(), key=lambda item: item[0][2] == "issue")
    return [(commit, how) for (_, _, how), commit in found]


def _how(commit: Commit, number: int) -> str:
    """The index finds who may be meant; reading the message decides."""
    if commit.pull_request == number:
        return "pull request"
    return "issue" if number in closed_by(commit.message) else ""


def _first() -> Subquery:
    """When production first ran what the commit's release brought: that release, or one after it,
    by version and in time (a later release of an older line does not have it)."""
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
    firsts = [commit.first for commit, _ in found]  # type: ignore[attr-defined]
    live = Q(
        until=None,
        environment__kind=Environment.Kind.PRODUCTION,
        environment__project__in={commit.project_id for commit, _ in found},
    )
    rows = Activation.objects.filter(Q(pk__in=[pk for pk in firsts if pk]) | live)
    known = {
        each.pk: each
        for each in rows.select_related("environment", "release").defer("release__changelog")
    }
    running = {each.environment.project_id: each for each in known.values() if not each.until}
    return tuple(
        Arrival(commit, how, known.get(first), running.get(commit.project_id))
        for (commit, how), first in zip(found, firsts, strict=True)
    )


def _pulls(
    wanted: Wanted, project: str, found: list[tuple[Commit, str]]
) -> tuple[PullRequest, ...]:
    if wanted.kind != "number":
        return ()
    known = {commit.project_id for commit, how in found if how == "pull request"}
    pulls = PullRequest.objects.filter(number=wanted.number).exclude(project__in=known)
    return tuple(
        pulls.filter(Q(project__slug=project) if project else Q()).select_related("project")[:3]
    )
