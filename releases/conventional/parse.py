"""The strict parser: a message that follows Conventional Commits 1.0.0, or where it does not.

Sources: the specification, https://www.conventionalcommits.org/en/v1.0.0/#specification, and its
grammar, https://github.com/conventional-commits/parser#the-grammar. Where the grammar is wider than
a MUST of the specification about the header or the blank line below it, the MUST counts (a blank
after the colon, a description, a blank line before the body); everything else is the grammar's.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from releases.conventional import footers
from releases.conventional.message import Malformed, Message

_TYPE = re.compile(r"[^\s():!]+")
# The grammar knows it in the body too, where it does not open the footers.
_BREAKING = re.compile(r"BREAKING[ -]CHANGE:")


def parse(text: str, types: Collection[str] | None = None) -> Message:
    """Take a message apart; with `types` (in lower case), any other type is refused.

    Blank lines above the header are passed over, as git does. Raises `Malformed` with line, column
    and what was expected. Takes time linear in the length.
    """
    lines = unified(text).rstrip().split("\n")
    top = next((at for at, line in enumerate(lines) if line.strip()), 0)
    try:
        header = _Header.read(lines[top])
        if types is not None and header.type.lower() not in types:
            raise Malformed(1, 1, _one_of(types), f"“{header.type[:40]}”")
        if lines[top + 1 : top + 2] and lines[top + 1].strip():
            raise Malformed(2, 1, "a blank line between the header and the body", "text")
    except Malformed as error:
        raise error.below(top) from None
    body, found = footers.strict(lines[top + 2 :])
    is_breaking = (
        header.is_breaking
        or any(footer.breaks for footer in found)
        or any(_BREAKING.match(line) for line in lines[top + 2 :])
    )
    return Message(header.type, header.scope, header.description, is_breaking, body, found)


def unified(text: str) -> str:
    """The text without what some editors put in: a byte order mark, line ends of other systems."""
    return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


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
        return cls(name[0], scope, is_breaking, _description(line, at + 1))


def _scope(line: str, at: int) -> tuple[str | None, int]:
    if line[at : at + 1] != "(":
        return None, at
    end = next((i for i in range(at + 1, len(line)) if line[i] in "()"), len(line))
    scope = line[at + 1 : end]
    if end == len(line) or line[end] != ")":
        raise Malformed(1, end + 1, "“)” after the scope", _found(line, end))
    if not scope.strip():
        raise Malformed(1, at + 2, "a scope between the brackets", _found(line, at + 1))
    return scope, end + 1


def _description(line: str, at: int) -> str:
    description = line[at:].strip()
    if description and not line[at].isspace():
        raise Malformed(1, at + 1, "a blank after the colon", _found(line, at))
    if not description:
        raise Malformed(1, len(line.rstrip()) + 1, "a blank and a description", _found("", 0))
    return description


def _after(scope: str | None, is_breaking: bool) -> str:
    if is_breaking:
        return "“:” after the “!”"
    return "“:” or “!:”" if scope else "“:”, “!:” or “(scope):” after the type"


def _one_of(types: Collection[str]) -> str:
    return "one of the types " + ", ".join(sorted(types))


def _found(line: str, at: int) -> str:
    rest = line[at : at + 1]
    return f"“{rest}”" if rest.strip() else ("a blank" if rest else "the end of the line")
