"""The strict parser: a message that follows Conventional Commits 1.0.0, or where it does not.

Source of the rules: https://www.conventionalcommits.org/en/v1.0.0/#specification
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from releases.conventional import footers
from releases.conventional.message import Malformed, Message

_TYPE = re.compile(r"\w[\w-]*+")
_BROKEN_NOTE = re.compile(r"^BREAKING[ -]CHANGE(?:(?P<colon>:)(?! [^\s])| #)", re.MULTILINE)


def parse(text: str, types: Collection[str] | None = None) -> Message:
    """Take a message apart; with `types`, any other type is refused.

    Raises `Malformed` with line, column and what was expected. Takes time linear in the length.
    """
    lines = unify_line_ends(text).rstrip().split("\n")
    header = _Header.read(lines[0])
    if types is not None and header.type not in types:
        raise Malformed(1, 1, _one_of(types), f"“{header.type[:40]}”")
    if len(lines) > 1 and lines[1].strip():
        raise Malformed(2, 1, "a blank line between the header and the body", "text")
    rest = "\n".join(lines[2:])
    _check_notes(rest)
    body, found = footers.split(rest)
    is_breaking = header.is_breaking or any(footer.is_breaking for footer in found)
    return Message(header.type, header.scope, header.description, is_breaking, body, found)


def unify_line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _check_notes(rest: str) -> None:
    broken = _BROKEN_NOTE.search(rest)
    if broken is None:
        return
    line = rest.count("\n", 0, broken.start()) + 3
    token = rest[broken.start() : broken.start() + len("BREAKING CHANGE")]
    column = (broken.end() - broken.start()) + (1 if broken["colon"] else -1)
    raise Malformed(line, column, f"“{token}: ” and a description", "something else")


@dataclass(frozen=True, slots=True)
class _Header:
    type: str
    scope: str | None
    is_breaking: bool
    description: str

    @classmethod
    def read(cls, line: str) -> "_Header":
        name = _TYPE.match(line)
        if name is None:
            raise Malformed(1, 1, "a type such as “feat” or “fix”", _found(line, 0))
        scope, at = _scope(line, name.end())
        is_breaking = line[at : at + 1] == "!"
        at += is_breaking
        if line[at : at + 1] != ":":
            raise Malformed(1, at + 1, _after(scope, is_breaking), _found(line, at))
        return cls(name[0].lower(), scope, is_breaking, _description(line, at + 1))


def _scope(line: str, at: int) -> tuple[str | None, int]:
    if line[at : at + 1] != "(":
        return None, at
    end = next((i for i in range(at + 1, len(line)) if line[i] in "()"), len(line))
    scope = line[at + 1 : end]
    if end == len(line) or line[end] != ")":
        raise Malformed(1, end + 1, "“)” after the scope", _found(line, end))
    if not scope.strip():
        raise Malformed(1, at + 2, "a scope between the brackets", _found(line, at + 1))
    return scope.strip(), end + 1


def _description(line: str, at: int) -> str:
    if line[at : at + 1] != " ":
        raise Malformed(1, at + 1, "a blank after the colon", _found(line, at))
    description = line[at + 1 :]
    if not description.strip() or description[0].isspace():
        raise Malformed(1, at + 2, "a description right after “: ”", _found(line, at + 1))
    return description.rstrip()


def _after(scope: str | None, is_breaking: bool) -> str:
    if is_breaking:
        return "“:” after the “!”"
    return "“:” or “!:”" if scope else "“:”, “!:” or “(scope):” after the type"


def _one_of(types: Collection[str]) -> str:
    return "one of the types " + ", ".join(sorted(types))


def _found(line: str, at: int) -> str:
    rest = line[at : at + 1]
    return f"“{rest}”" if rest.strip() else ("a blank" if rest else "the end of the line")
