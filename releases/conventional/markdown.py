"""A changelog as Markdown that renders the same on a forge and in a CHANGELOG.md.

Commit messages are hostile text: whatever they hold, an entry stays one line of text, opens no
HTML, no markup and no list, and notifies nobody (a forge turns a bare @name into a mention).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from releases.conventional.changelog import Changelog, Entry, Section, shortened

_SHORT = 7
_LONGEST_NOTE_LINE = 1_000
_CODE = re.compile(r"(`[^`]+`)")
# Marks that end a line, hide, or turn the direction of what follows them (Unicode TR36, TR9).
_INVISIBLE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]"
)
_SYNTAX = re.compile(r"[\\`<>\[\]*~|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)")
# Most text is this, and is done with one look.
_HARMLESS = re.compile(r"[A-Za-z][A-Za-z0-9 ,;:.'\"()/?!%+=-]*")
_MENTION = re.compile(r"(?<![\w`])@[\w/][\w/.-]*")
# What would open a list, a heading or a rule at the start of a line.
_BLOCK_START = re.compile(r"^(\d*)([-+#=.)])")


@dataclass(frozen=True, slots=True)
class Links:
    """The repository's address on its forge, in GitHub's form, e.g. `https://github.com/demo/api`."""

    repository: str

    def commit(self, sha: str) -> str:
        return f"{self.repository}/commit/{sha}"

    def pull_request(self, number: int) -> str:
        return f"{self.repository}/pull/{number}"

    def comparison(self, before: str, after: str) -> str:
        return f"{self.repository}/compare/{quote(before, safe='')}...{quote(after, safe='')}"


def render(changelog: Changelog, links: Links | None = None, *, folds: bool = True) -> str:
    """One release as Markdown, ending in a line break; `folds` puts the rest into `<details>`."""
    return f"{title(changelog, links)}\n\n{body(changelog, links, folds=folds)}"


def title(changelog: Changelog, links: Links | None = None) -> str:
    """The heading of a release: its version, what it is compared with, its day."""
    return f"## {_title(changelog, links)}"


def body(changelog: Changelog, links: Links | None = None, *, folds: bool = True) -> str:
    """What stands below the heading, ending in a line break."""
    shown = [part for part in changelog.sections if not (part.is_folded and folds)]
    folded = [part for part in changelog.sections if part.is_folded and folds]
    lines = [line for part in shown for line in _section(part, links)]
    if folded:
        lines += _fold(folded, links)
    if not changelog.sections:
        lines += ["No changes of note.", ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Text as one line of Markdown that shows just this text; `code` stays code."""
    if _HARMLESS.fullmatch(text):
        return text
    line = " ".join(_INVISIBLE.sub(" ", text).split())
    parts = _CODE.split(line)
    return "".join(part if at % 2 else _plain(part) for at, part in enumerate(parts))


def _plain(text: str) -> str:
    pieces, at = [], 0
    for mention in _MENTION.finditer(text):
        pieces += [_SYNTAX.sub(r"\\\g<0>", text[at : mention.start()]), f"`{mention[0]}`"]
        at = mention.end()
    pieces.append(_SYNTAX.sub(r"\\\g<0>", text[at:]))
    return _BLOCK_START.sub(r"\1\\\2", "".join(pieces))


def _title(changelog: Changelog, links: Links | None) -> str:
    name = escaped(changelog.version)
    if links and changelog.previous:
        name = f"[{name}]({links.comparison(changelog.previous, changelog.version)})"
    at = changelog.released_at
    return f"{name} ({at:%Y-%m-%d})" if at else name


def _section(part: Section, links: Links | None) -> Iterator[str]:
    yield from (f"### {part.title}", "")
    for entry in part.entries:
        yield from _entry(entry, links)
    yield ""


def _fold(parts: list[Section], links: Links | None) -> Iterator[str]:
    count = sum(len(part.entries) for part in parts)
    what = "1 more change" if count == 1 else f"{count} more changes"
    yield from ("<details>", f"<summary>{what}</summary>", "")
    for part in parts:
        yield from _section(part, links)
    yield from ("</details>", "")


def _entry(entry: Entry, links: Links | None) -> Iterator[str]:
    scope = f"**{escaped(entry.scope)}:** " if entry.scope else ""
    yield f"- {scope}{escaped(entry.description)} ({_references(entry, links)})"
    for note in entry.notes:
        for line in note.splitlines():
            if line.strip():
                yield f"  {escaped(shortened(line, _LONGEST_NOTE_LINE))}"


def _references(entry: Entry, links: Links | None) -> str:
    short, number = entry.sha[:_SHORT], entry.pull_request
    found = [f"[{short}]({links.commit(entry.sha)})" if links else short]
    if number:
        found.insert(0, f"[#{number}]({links.pull_request(number)})" if links else f"#{number}")
    found += [escaped(name) for name in entry.authors]
    return ", ".join(found)
