"""The lenient reader: makes the most of any message that real history holds, and never fails."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from releases.conventional import footers, origin, reverted
from releases.conventional.message import Footer
from releases.conventional.parse import unified
from releases.conventional.policy import DEFAULT_POLICY, Policy
from releases.conventional.reverted import Reverted

Kind = Literal["conventional", "revert", "reapply", "merge", "other"]

# `Flag: checkout_v2`, `Needs-Flag: a, b`: what has to be set up where the change is to run.
_FLAG_TOKENS = frozenset({"flag", "flags", "needs-flag", "needs-flags"})
_FLAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}", re.ASCII)
_MOST_FLAGS = 20

_HEADER = re.compile(r"(\w[\w-]*+)(?:\(([^()]*+)\))?(!?): (.*)", re.DOTALL)
# What people meant: blanks around the parts, none after the colon, "feat!(scope):", "fix(f()):".
_LOOSE_HEADER = re.compile(
    r"(\w[\w-]*+)\s*+(!?)\s*+(?:\(((?:[^()]|\([^()]*+\))*+)\))?\s*+(!?)\s*+:\s*+(.*)", re.DOTALL
)
# What breaks breaks, whatever the grammar lets its type look like.
_BREAKING_HEADER = re.compile(r"[^\s():!]++(?:\([^()]++\))?!:\s++\S")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a message means for versions and notes.

    `subject` is the first line without `(#n)`. `type` is None where the message names none; what
    was applied again has the type of the change itself.
    """

    kind: Kind
    subject: str
    description: str
    type: str | None = None
    scope: str | None = None
    is_breaking: bool = False
    breaking_notes: tuple[str, ...] = ()
    pull_request: int | None = None
    reverts: Reverted | None = None
    release_as: str | None = None
    co_authors: tuple[str, ...] = ()
    needs_flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Subject:
    kind: Kind
    description: str
    type: str | None = None
    scope: str | None = None
    is_breaking: bool = False


def read(text: str, policy: Policy = DEFAULT_POLICY, *, is_merge: bool = False) -> Reading:
    """Read any message; `is_merge` says that its commit has two parents or more."""
    subject, _, rest = unified(text).strip().partition("\n")
    merged = origin.merged(subject, rest)
    line, number = origin.without_numbers(merged.subject)
    parsed = _subject(line, policy)
    if parsed.type is None and (merged.is_merge or is_merge):
        parsed = replace(parsed, kind="merge")
    if parsed.kind == "other" and reverted.is_told(line, rest):
        parsed = _Subject("revert", line, "revert")
    _, found = footers.loose(rest)
    is_breaking = (
        parsed.is_breaking or any(footer.is_breaking for footer in found) or _is_told_below(rest)
    )
    return Reading(
        kind=parsed.kind,
        subject=line,
        description=parsed.description,
        type=parsed.type,
        scope=parsed.scope,
        is_breaking=is_breaking,
        breaking_notes=_notes(found) or ((parsed.description,) if is_breaking else ()),
        pull_request=number or merged.pull_request,
        reverts=reverted.target(parsed.kind, line, rest, found),
        release_as=next((f.value for f in found if f.token.lower() == "release-as"), None),
        co_authors=tuple(_person(f.value) for f in found if f.token.lower() == "co-authored-by"),
        needs_flags=_flags(found),
    )


def _subject(line: str, policy: Policy) -> _Subject:
    undone = reverted.quoted(line)
    if undone is not None and undone.is_reapplied:
        inner = _header(undone.subject, policy)
        return replace(inner, kind="reapply")
    if undone is not None:
        return _Subject("revert", undone.subject, "revert")
    parsed = _header(line, policy)
    return replace(parsed, kind="revert") if parsed.type == "revert" else parsed


def _header(line: str, policy: Policy) -> _Subject:
    strict = _HEADER.fullmatch(line)
    if strict is not None and strict[4].strip():
        name, scope, mark, description = strict.groups()
        return _conventional(name, scope, bool(mark), description)
    loose = _LOOSE_HEADER.fullmatch(line)
    if loose is not None and loose[5].strip() and loose[1].lower() in policy.names:
        name, early, scope, late, description = loose.groups()
        return _conventional(name, scope, bool(early or late), description)
    return _Subject("other", line, is_breaking=_BREAKING_HEADER.match(line) is not None)


def _conventional(name: str, scope: str | None, is_breaking: bool, description: str) -> _Subject:
    scope = (scope or "").strip() or None
    return _Subject("conventional", description.strip(), name.lower(), scope, is_breaking)


def _is_told_below(rest: str) -> bool:
    """Whether a footer such as `fix!: …` breaks, as the grammar has it."""
    if "!:" not in rest and "! #" not in rest:
        return False
    return any(footer.breaks for footer in footers.strict(rest.split("\n"))[1])


def _notes(found: tuple[Footer, ...]) -> tuple[str, ...]:
    return tuple(footer.value for footer in found if footer.is_breaking and footer.value)


def _flags(found: tuple[Footer, ...]) -> tuple[str, ...]:
    """The keys on the first line of each such footer; what cannot be a key is none."""
    named = (
        key
        for footer in found
        if footer.token.lower() in _FLAG_TOKENS
        for key in footer.value.partition("\n")[0].replace(",", " ").split()
        if _FLAG.fullmatch(key)
    )
    return tuple(dict.fromkeys(named))[:_MOST_FLAGS]


def _person(trailer: str) -> str:
    """The name in `Ada Lovelace <ada@example.com>`."""
    return trailer.partition("<")[0].partition("\n")[0].strip()
