"""What a revert takes back: commits by id, a pull request by number, or a change by its subject."""

import re
from dataclasses import dataclass

from releases.conventional.message import Footer
from releases.conventional.origin import without_numbers

# git revert's own words, also with several commits and over line breaks.
_COMMIT = re.compile(r"\bThis reverts commits? ([0-9a-f]{7,64})\b")
_PULL_REQUEST = re.compile(r"^Reverts (?:[\w.-]+/[\w.-]+)?#([0-9]{1,9})(?![0-9])", re.MULTILINE)
_SHA = re.compile(r"\b[0-9a-f]{7,64}\b")
_OPENING = re.compile(r"(revert|reapply)(?:\([^()]*+\))?:? ?[\"“]", re.IGNORECASE)
_VERB = re.compile(r"(?:revert|undo|back(?: it)? out|roll(?: it)? back)\b", re.IGNORECASE)
# Also the one that GitHub cut off in the middle, together with the rest of a long title.
_ANY_NUMBER = re.compile(r" ?\(#(?:[0-9]{1,9}\)|[0-9]{0,9}(?=…$))")
_MOST_LEVELS = 8


@dataclass(frozen=True, slots=True)
class Reverted:
    """What is taken back, as far as the message says; `subject` is in the form of `plain()`."""

    shas: tuple[str, ...] = ()
    pull_request: int | None = None
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Quoted:
    """The subject inside `Revert "…"`; reverting an even number of times is to apply again."""

    subject: str
    is_reapplied: bool


def plain(subject: str) -> str:
    """The subject without any `(#n)`, since every revert of a pull request adds another one."""
    return _ANY_NUMBER.sub("", subject).strip()


def quoted(line: str) -> Quoted | None:
    """Read `Revert "…"`, `Reapply "…"` and nested ones, the closing quote cut off or not."""
    reverts, level = 0, line
    for _ in range(_MOST_LEVELS):
        opening = _OPENING.match(level)
        if opening is None:
            break
        reverts += 2 if opening[1].lower() == "reapply" else 1
        level = _inside(level, opening)
    subject, _ = without_numbers(level)
    return Quoted(subject, is_reapplied=reverts % 2 == 0) if reverts and subject else None


def is_told(subject: str, rest: str) -> bool:
    """Whether a subject in free words, with git's own sentence below it, is a revert."""
    return _VERB.match(subject) is not None and _COMMIT.search(rest) is not None


def target(kind: str, line: str, rest: str, found: tuple[Footer, ...]) -> Reverted | None:
    """What a message (kind, first line, text below it, footers) takes back; None if nothing."""
    if kind not in ("revert", "reapply"):
        return None
    number = _PULL_REQUEST.search(rest)
    subject, inner = _one_level(line)
    return Reverted(
        tuple(dict.fromkeys(_COMMIT.findall(rest))) or _referenced(found),
        int(number[1]) if number else inner,
        subject,
    )


def _referenced(found: tuple[Footer, ...]) -> tuple[str, ...]:
    """`Refs: 676104e, a215868` under a `revert:` (the specification's FAQ recommends it)."""
    values = (footer.value for footer in found if footer.token.lower() == "refs")
    return tuple(sha for value in values for sha in _SHA.findall(value))


def _one_level(line: str) -> tuple[str, int | None]:
    """The subject of the commit that is taken back, as history has it, and its pull request."""
    opening = _OPENING.match(line)
    if opening is None:
        return plain(line.partition(":")[2]), None
    inner, number = without_numbers(_inside(line, opening))
    if opening[1].lower() == "reapply":
        return f'Revert "{plain(inner)}"', None
    return plain(inner), number


def _inside(line: str, opening: re.Match[str]) -> str:
    outer, _ = without_numbers(line[opening.end() :])
    return outer[:-1].strip() if outer.endswith(('"', "”")) else outer
