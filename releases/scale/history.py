"""The commits of one project and the releases that were cut of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from random import Random
from typing import NamedTuple

from semver import Version

from ..conventional.versions import precedence_key
from .plan import Plan, Size

_TYPES = ("feat", "fix", "fix", "chore", "refactor", "docs", "test", "perf", "ci", "build", "")
_SCOPES = ("api", "web", "auth", "billing", "search", "queue", "schema", "", "", "")
_DO = ("add", "keep", "move", "bound", "retry", "show", "drop", "cache", "split", "log", "read")
_WHAT = (
    "the run queue", "sessions", "webhook deliveries", "the pricing page", "slow queries",
    "invoices", "the import", "agent traces", "the rate limit", "uploads", "the audit trail",
    "tokens", "search results", "the worker pool", "release notes", "empty states",
)  # fmt: skip
_WHY = (
    "when a session ends", "for large projects", "behind a proxy", "on the phone",
    "after a restart", "where nobody looked", "without a second read", "as the docs say",
)  # fmt: skip
_BODY = "\n\nSeen in production twice this month; the trace is in the ticket.\n\nCloses #{}"
_PEOPLE = 400
_PER_MINOR, _PER_MAJOR = 10, 200


class Landing(NamedTuple):
    """One commit; `place` counts from 0 at the oldest."""

    place: int
    sha: str
    at: datetime
    author: str
    type: str
    scope: str
    description: str
    is_breaking: bool
    pull_request: int | None
    message: str

    @property
    def subject(self) -> str:
        return self.message.partition("\n")[0]


@dataclass(frozen=True)
class Cut:
    """One release: commits from place `first` up to `end`, which is not in it; `number` counts
    from 0 in its project, `previous` is the number of the release that it follows."""

    number: int
    version: Version
    first: int
    end: int
    previous: int | None
    following: int | None

    @property
    def is_prerelease(self) -> bool:
        return self.version.prerelease is not None

    @property
    def precedence(self) -> str:
        return precedence_key(self.version)

    @property
    def stable(self) -> int | None:
        """The number of the first stable release that has its commits."""
        return self.following if self.is_prerelease else self.number


def cuts(size: Size) -> list[Cut]:
    """The releases of a project, the oldest first. What is left of its commits is unreleased."""
    return [_cut(size, number) for number in range(size.releases)]


def _cut(size: Size, number: int) -> Cut:
    candidate = _is_candidate(size, number)
    named = _version(number + 1) if candidate else _version(number)
    before = number - 1
    if not candidate and before >= 0 and _is_candidate(size, before):
        before -= 1
    return Cut(
        number,
        named.replace(prerelease="rc.1") if candidate else named,
        number * size.commits // (size.releases + 1),
        (number + 1) * size.commits // (size.releases + 1),
        before if before >= 0 else None,
        number + 1 if number + 1 < size.releases else None,
    )


def _is_candidate(size: Size, number: int) -> bool:
    """The last of each ten announces the next minor version, unless nothing comes after it."""
    return number % _PER_MINOR == _PER_MINOR - 1 and number + 1 < size.releases


def _version(number: int) -> Version:
    major, rest = divmod(number, _PER_MAJOR)
    return Version(1 + major, *divmod(rest, _PER_MINOR))


def landings(plan: Plan, size: Size) -> Iterator[Landing]:
    """All commits of a project, the oldest first."""
    dice = plan.chance(size.number, "commits")
    step = (plan.now - size.begins) / max(1, size.commits)
    for place in range(size.commits):
        yield _landing(dice, place, size.begins + step * place)


def of_each(plan: Plan, size: Size) -> Iterator[tuple[Cut | None, list[Landing]]]:
    """The commits of each release, and at the end, with None, those of no release."""
    commits = landings(plan, size)
    for cut in cuts(size):
        yield cut, list(islice(commits, cut.end - cut.first))
    yield None, list(commits)


def _landing(dice: Random, place: int, at: datetime) -> Landing:
    throw = dice.random
    kind = _TYPES[int(throw() * len(_TYPES))]
    scope = _SCOPES[int(throw() * len(_SCOPES))] if kind else ""
    words = (_pick(dice, _DO), _pick(dice, _WHAT), _pick(dice, _WHY))
    description = " ".join(words)
    pull = place // 2 + 1 if place % 2 else None
    is_breaking = kind == "feat" and throw() < 0.01
    header = f"{kind}({scope})" if scope else kind
    subject = f"{header}{'!' * is_breaking}: {description}" if kind else description.capitalize()
    subject = f"{subject} (#{pull})" if pull else subject
    body = _BODY.format(int(throw() * 90_000) + 1) if throw() < 0.2 else ""
    return Landing(
        place,
        f"{dice.getrandbits(160):040x}",
        at + timedelta(seconds=throw() * 20),
        f"Person {int(throw() ** 2 * _PEOPLE)}",
        kind,
        scope,
        description,
        is_breaking,
        pull,
        subject + body,
    )


def _pick(dice: Random, words: tuple[str, ...]) -> str:
    return words[int(dice.random() * len(words))]
