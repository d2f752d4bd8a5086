"""Whether a message is acceptable, told to a program or to a person."""

from collections.abc import Collection
from typing import Any

from releases.conventional.message import Malformed, Message
from releases.conventional.parse import parse, unify_line_ends

_SCISSORS = " >8 ---"


def judge(text: str, types: Collection[str] | None = None) -> Message | Malformed:
    """The message taken apart, or what is wrong with it; `types` as in `parse`."""
    try:
        return parse(text, types)
    except Malformed as malformed:
        return malformed


def without_comments(text: str) -> str:
    """What git keeps of a message that was edited: nothing of its own lines at the end.

    Those start with `#` and a blank, or follow the scissors (git-commit(1), `--cleanup`).
    """
    lines = unify_line_ends(text).split("\n")
    cut = (at for at, line in enumerate(lines) if line.startswith("# --") and _SCISSORS in line)
    del lines[next(cut, len(lines)) :]
    while lines and (not lines[-1].strip() or lines[-1].split()[0] == "#"):
        lines.pop()
    return "\n".join(lines)


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
    line = unify_line_ends(text).split("\n")[malformed.line - 1]
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
