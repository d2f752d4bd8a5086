"""The footers at the end of a message (Conventional Commits 1.0.0, rules 8 to 10, 12 and 16)."""

import re
from collections.abc import Iterator, Sequence

from releases.conventional.message import Footer

# As the grammar has it: what may be a type may be a token, and the blank after the colon may lack.
# Possessive, so that no text makes the search slower than linear.
_GRAMMAR = re.compile(
    r"(?P<token>BREAKING[ -]CHANGE|[^\s():!]++(?:\([^()\n]++\))?!?)"
    r"(?P<separator>:| #)(?P<value>.*)",
    re.DOTALL,
)
# As rule 8 has it, for what the grammar does not take.
_WORDS = re.compile(
    r"(?P<token>BREAKING[ -]CHANGE(?=:)|\w[\w-]*+)(?P<separator>: | #)(?P<value>.*)", re.DOTALL
)
# Real history also writes the note on the line below, or leaves the blank out.
_LOOSE = re.compile(
    r"^(?P<token>BREAKING[ -]CHANGE(?=:| #)|\w[\w-]*+(?=: | #))(?P<separator>:[ ]?| #)",
    re.MULTILINE,
)


def strict(lines: Sequence[str]) -> tuple[str, tuple[Footer, ...]]:
    """Split the lines below the header into body and footers, as the reference grammar does.

    Footers are the last lines, from the first after which nothing else comes than footers, blank
    lines and lines that go a value on, which start with a blank. If the last paragraph opens with
    `token: `, any line in it goes a value on, since a value may hold newlines (rule 10).
    """
    by_grammar = _first(lines)
    first = min(by_grammar, _last_paragraph(lines))
    found: list[tuple[re.Match[str], list[str]]] = []
    for at, line in enumerate(lines[first:], start=first):
        token = (_WORDS if at < by_grammar else _GRAMMAR).match(line)
        if token:
            found.append((token, [token["value"]]))
        else:
            found[-1][1].append(line)
    body = "\n".join(lines[:first]).strip()
    return body, tuple(_footer(token, "\n".join(value)) for token, value in found)


def loose(text: str) -> tuple[str, tuple[Footer, ...]]:
    """Split text into body and footers, as people mean it who never read the grammar.

    The first footer stands after a blank line, unless it is BREAKING CHANGE; each reaches to the
    next token (rule 10), over paragraphs if need be.
    """
    starts = list(_starts(text))
    if not starts:
        return text.strip(), ()
    ends = [start.start() for start in starts[1:]] + [len(text)]
    footers = tuple(
        _footer(start, text[start.end() : end]) for start, end in zip(starts, ends, strict=True)
    )
    return text[: starts[0].start()].strip(), footers


def _footer(start: re.Match[str], value: str) -> Footer:
    return Footer(start["token"], " #" if start["separator"] == " #" else ": ", value.strip())


def _first(lines: Sequence[str]) -> int:
    """Where the grammar's footers start; the number of lines, if there are none."""
    first = len(lines)
    for at in range(len(lines) - 1, -1, -1):
        line = lines[at]
        if _GRAMMAR.match(line):
            first = at
        elif line.strip() and not line[0].isspace():
            break
    return first


def _last_paragraph(lines: Sequence[str]) -> int:
    """Where the last paragraph starts if it opens with `token: `, else the number of lines."""
    start = len(lines)
    while start and lines[start - 1].strip():
        start -= 1
    opening = _WORDS.match(lines[start]) if start < len(lines) else None
    return start if opening and opening["separator"] == ": " else len(lines)


def _starts(text: str) -> Iterator[re.Match[str]]:
    is_open = False
    for found in _LOOSE.finditer(text):
        is_open = is_open or _opens(text, found)
        if is_open:
            yield found


def _opens(text: str, found: re.Match[str]) -> bool:
    before = found.start()
    if before == 0 or found["token"].startswith("BREAKING"):
        return True
    return _is_blank_line_before(text, before)


def _is_blank_line_before(text: str, position: int) -> bool:
    """Whether the line that ends right before `position` holds nothing but blanks."""
    start = text.rfind("\n", 0, position - 1) + 1
    return not text[start : position - 1].strip()
