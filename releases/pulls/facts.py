"""What is known of an open pull request, as plain values."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.github import Checks, RequiredCheck, Reviews

from ..conventional.lint import judge
from ..conventional.message import Malformed


@dataclass(frozen=True)
class Unread:
    """A part that could not be read, or (without a reason) has not been read yet. It is never taken
    for a good one."""

    why: str = ""


@dataclass(frozen=True)
class Wrong:
    """What is wrong with a message; line and column count from 1."""

    line: int
    column: int
    reason: str

    @classmethod
    def of(cls, malformed: Malformed) -> "Wrong":
        return cls(malformed.line, malformed.column, malformed.reason)

    @property
    def place(self) -> str:
        """`column 3`, or with the line where it is not the first."""
        line = f"line {self.line}, " if self.line > 1 else ""
        return f"{line}column {self.column}"


def wrong_with(text: str, types: Collection[str] | None = None) -> Wrong | None:
    """What is wrong with a message by Conventional Commits, and by these types of a policy."""
    found = judge(text, types)
    return Wrong.of(found) if isinstance(found, Malformed) else None


@dataclass(frozen=True)
class Written:
    """One commit of a pull request: its first line, and what is wrong with the form of it all."""

    sha: str
    header: str
    is_merge: bool = False
    wrong: Wrong | None = None

    def fault(self, types: Collection[str]) -> Wrong | None:
        """What is wrong by the policy too. A merge commit is git's own words, not the author's."""
        if self.is_merge:
            return None
        return self.wrong or wrong_with(self.header, types)


@dataclass(frozen=True)
class Commits:
    """Its commits, oldest first; GitHub lists no more than 250, and says so by giving as many."""

    all: Sequence[Written]
    may_be_cut: bool = False


@dataclass(frozen=True)
class Facts:
    """One pull request. `required` are the checks that have to pass, None where that cannot be
    told; `checks` is None before they were read. `conflicts` says that it cannot be merged,
    `listed_at` when GitHub last showed that the pull request is as it stands here."""

    title: str
    author: str
    head_sha: str
    branch: str
    base: str
    checks: Checks | None
    required: frozenset[RequiredCheck] | None
    reviews: Reviews | Unread
    approvals_required: int
    behind_by: int | Unread
    conflicts: bool
    commits: Commits | Unread
    types: frozenset[str]
    listed_at: datetime
    repository_url: str
    url: str
