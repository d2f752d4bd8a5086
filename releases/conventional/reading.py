"""The lenient reader: makes the most of any message that real history holds, and never fails."""

import re
from dataclasses import dataclass, replace
from typing import Literal

from releases.conventional import footers, origin, reverted
from releases.conventional.message import Footer
from releases.conventional.parse import unify_line_ends
from releases.conventional.policy import DEFAULT_POLICY, Policy
from releases.conventional.reverted import Reverted

Kind = Literal["conventional", "revert", "reapply", "merge", "other"]

# `Flag: checkout_v2`, `Needs-Flag: a, b`: what has to be set up where the change is to run.
_FLAG_TOKENS = frozenset({"flag", "flags", "needs-flag", "needs-flags"})
_FLAG = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:/-]{0,99}", re.ASCII)
_MOST_FLAGS = 20

_HEADER = re.compile(r"(\w[\w-]*+)(?:\(([^()]*+)\))?(!?): (.*)", re.DOTALL)
# What people meant: blanks around the parts, no blank after the colon, "feat!(scope):".
_LOOSE_HEADER = re.compile(
    r"(\w[\w-]*+)\s*+(!?)\s*+(?:\(([^()]*+)\))?\s*+(!?)\s*+:\s*+(.*)", re.DOTALL
)


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
    subject, _, rest = unify_line_ends(text).strip().partition("\n")
    merged = origin.merged(subject, rest)
    line, number = origin.without_numbers(merged.subject)
    parsed = _subject(line, policy)
    if parsed.type is None and (merged.is_merge or is_merge):
        parsed = replace(parsed, kind="merge")
    if parsed.kind == "other" and reverted.is_told(line, rest):
        parsed = _Subject("revert", line, "revert")
    _, found = footers.loose(rest)
    return Reading(
        kind=parsed.kind,
        subject=line,
        description=parsed.description,
        type=parsed.type,
        scope=parsed.scope,
        is_breaking=parsed.is_breaking or any(footer.is_breaking for footer in found),
        breaking_notes=_notes(parsed, found),
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
    return _Subject("other", line)


def _conventional(name: str, scope: str | None, is_breaking: bool, description: str) -> _Subject:
    scope = (scope or "").strip() or None
    return _Subject("conventional", description.strip(), name.lower(), scope, is_breaking)


def _notes(parsed: _Subject, found: tuple[Footer, ...]) -> tuple[str, ...]:
    notes = tuple(footer.value for footer in found if footer.is_breaking and footer.value)
    if notes:
        return notes
    is_breaking = parsed.is_breaking or any(footer.is_breaking for footer in found)
    return (parsed.description,) if is_breaking else ()


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
