"""The footers at the end of a message (Conventional Commits 1.0.0, rules 8 to 10, 12 and 16)."""

import re
from collections.abc import Iterator

from releases.conventional.message import Footer

# Possessive, so that no text makes the search slower than linear.
FOOTER = re.compile(r"^(?P<token>BREAKING CHANGE|\w[\w-]*+)(?P<separator>: | #)", re.MULTILINE)
# Real history also writes the note on the line below, or leaves the blank out.
LOOSE_FOOTER = re.compile(
    r"^(?P<token>BREAKING[ -]CHANGE(?=:| #)|\w[\w-]*+(?=: | #))(?P<separator>:[ ]?| #)",
    re.MULTILINE,
)


def split(text: str, *, is_loose: bool = False) -> tuple[str, tuple[Footer, ...]]:
    """Split what follows the header into body and footers.

    The first footer stands after a blank line; each reaches to the next token (rule 10), over
    paragraphs if need be. `is_loose` lets BREAKING CHANGE open the footers without a blank line.
    """
    starts = list(_starts(text, is_loose=is_loose))
    if not starts:
        return text.strip(), ()
    ends = [start.start() for start in starts[1:]] + [len(text)]
    footers = tuple(
        Footer(
            start["token"],
            " #" if start["separator"] == " #" else ": ",
            text[start.end() : end].strip(),
        )
        for start, end in zip(starts, ends, strict=True)
    )
    return text[: starts[0].start()].strip(), footers


def _starts(text: str, *, is_loose: bool) -> Iterator[re.Match[str]]:
    is_open = False
    for found in (LOOSE_FOOTER if is_loose else FOOTER).finditer(text):
        is_open = is_open or _opens(text, found, is_loose=is_loose)
        if is_open:
            yield found


def _opens(text: str, found: re.Match[str], *, is_loose: bool) -> bool:
    if is_loose and found["token"].startswith("BREAKING"):
        return True
    before = found.start()
    return before == 0 or _is_blank_line_before(text, before)


def _is_blank_line_before(text: str, position: int) -> bool:
    """Whether the line that ends right before `position` holds nothing but blanks."""
    start = text.rfind("\n", 0, position - 1) + 1
    return not text[start : position - 1].strip()
