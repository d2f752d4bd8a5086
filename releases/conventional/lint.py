"""Whether a message is acceptable, told to a program or to a person."""

import re
from collections.abc import Collection
from typing import Any

from releases.conventional.message import Malformed, Message
from releases.conventional.parse import parse, unified

_SCISSORS = " >8 ---"
_BY_GIT = re.compile(r"#(?:\s|$)")


def judge(text: str, types: Collection[str] | None = None) -> Message | Malformed:
    """The message taken apart, or what is wrong with it; `types` as in `parse`."""
    try:
        return parse(text, types)
    except Malformed as malformed:
        return malformed


def without_comments(text: str) -> str:
    """What git keeps of a message that was edited (git-commit(1), `--cleanup`).

    Everything from the scissors on goes; and where lines of git's own end the message (`#` and a
    blank), so does every line that starts with `#`, such as those of a template. A message without
    them was not edited, and keeps its own.
    """
    lines = unified(text).split("\n")
    cut = (at for at, line in enumerate(lines) if line.startswith("# --") and _SCISSORS in line)
    del lines[next(cut, len(lines)) :]
    last = next((line for line in reversed(lines) if line.strip()), "")
    if _BY_GIT.match(last):
        lines = [line for line in lines if not line.startswith("#")]
    return "\n".join(lines).rstrip()


def as_json(source: str, found: Message | Malformed) -> dict[str, Any]:
    """The judgement in JSON's own types; lines and columns count from 1."""
    if isinstance(found, Malformed):
        error = {"line": found.line, "column": found.column, "message": found.reason}
        return _told(source, errors=[error])
    footers = [
        {"token": each.token, "separator": each.separator, "value": each.value}
        for each in found.footers
    ]
    return _told(
        source,
        valid=True,
        type=found.type,
        scope=found.scope,
        breaking=found.is_breaking,
        description=found.description,
        footers=footers,
    )


def as_text(source: str, text: str, malformed: Malformed) -> str:
    """`source:line:column: …` as compilers have it, and the line that is meant."""
    line = unified(text).split("\n")[malformed.line - 1]
    place = f"{source}:{malformed.line}:{malformed.column}"
    return f"{place}: {malformed.reason}" + (f"\n{line}" if line.strip() else "")


def _told(source: str, **facts: Any) -> dict[str, Any]:
    nothing: dict[str, Any] = {
        "valid": False,
        "type": None,
        "scope": None,
        "breaking": False,
        "description": None,
        "footers": [],
        "errors": [],
    }
    return {"source": source, **nothing, **facts}
