"""Two texts beside each other, line by line."""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher

MOST_LINES = 3_000
_AROUND = 2


@dataclass(frozen=True)
class Row:
    """One line on both sides; empty where a side has none. `kind` is same, changed, added (only on
    the right), removed (only on the left), or gap: that many equal lines are left out."""

    kind: str
    left: str = ""
    right: str = ""
    left_out: int = 0


def beside(left: str, right: str) -> list[Row] | None:
    """The rows in order, with two equal lines around each difference; None where the texts are so
    long that comparing them would take long."""
    a, b = left.splitlines(), right.splitlines()
    if len(a) + len(b) > MOST_LINES:
        return None
    rows: list[Row] = []
    told = 0
    for group in SequenceMatcher(None, a, b, autojunk=False).get_grouped_opcodes(_AROUND):
        start = group[0][1]
        if start > told:
            rows.append(Row("gap", left_out=start - told))
        for kind, a_from, a_to, b_from, b_to in group:
            rows += _rows(kind, a[a_from:a_to], b[b_from:b_to])
            told = a_to
    return rows


def _rows(kind: str, left: list[str], right: list[str]) -> Iterator[Row]:
    if kind == "equal":
        yield from (Row("same", line, line) for line in left)
        return
    both = min(len(left), len(right))
    yield from (Row("changed", *pair) for pair in zip(left, right, strict=False))
    yield from (Row("removed", left=line) for line in left[both:])
    yield from (Row("added", right=line) for line in right[both:])
