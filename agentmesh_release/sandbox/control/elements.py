"""The pieces that the page is made of; every text that comes from outside goes through `escape`."""

from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from ..clock import now_ms
from .trunkacts import TYPES


@dataclass(frozen=True)
class Frame:
    """What every form on the page carries: the token, the project, where to come back to."""

    csrf: str
    project: str

    def form(self, act: str, content: str, *, style: str = "", **hidden: str) -> str:
        """A form that does an act when it is sent."""
        fields = {"csrf": self.csrf, "project": self.project} | hidden
        inputs = "".join(
            f'<input type="hidden" name="{name}" value="{escape(value)}">'
            for name, value in fields.items()
        )
        return (
            f'<form method="post" action="/_control/{act}" class="{style}">{inputs}{content}</form>'
        )

    def press(self, act: str, label: str, look: str = "", /, **hidden: str) -> str:
        """A form of one button."""
        return self.form(act, button(label, look), **hidden)


def button(label: str, kind: str = "", *, name: str = "", value: str = "", about: str = "") -> str:
    """A button that sends its form; `about` tells readers aloud which of its likes this is."""
    told = f' aria-label="{escape(label)}, {escape(about)}"' if about else ""
    kinds = f' data-kind="{kind}"' if kind else ""
    named = f' name="{name}" value="{escape(value)}"' if name else ""
    return f'<button class="button" type="submit"{kinds}{named}{told}>{escape(label)}</button>'


def icon(name: str) -> str:
    """A drawing from the sprite; always beside its word."""
    use = f'<use href="/_control/static/icons.svg#i-{name}"/>'
    return f'<svg class="icon" aria-hidden="true">{use}</svg>'


def state(word: str, kind: str, drawing: str) -> str:
    """Outline, word and colour."""
    return f'<span class="state" data-state="{kind}">{icon(drawing)}{escape(word)}</span>'


def section(key: str, title: str, content: str, *, note: str = "", extra: str = "") -> str:
    """A heading, a hairline and what it is about."""
    notes = f'<span class="section-note">{note}</span>' if note else ""
    return (
        f'<section class="section" id="{key}" aria-labelledby="{key}-head">'
        f'<div class="section-head"><h2 id="{key}-head">{escape(title)}</h2>{notes}{extra}</div>'
        f"{content}</section>"
    )


def row(drawing: str, kind: str, head: str, sentence: str, controls: str) -> str:
    """One thing that can be changed: how it is, and what would change it."""
    return (
        f'<li class="act" data-state="{kind}">{icon(drawing)}'
        f"<p><b>{head}</b> {sentence}</p>"
        f'<div class="act-controls">{controls}</div></li>'
    )


def rows(items: Iterable[str], label: str) -> str:
    """A list of such things."""
    return f'<ul class="acts" aria-label="{escape(label)}">{"".join(items)}</ul>'


def field(key: str, label: str, control: str, *, style: str = "") -> str:
    """A control with its label above."""
    return f'<div class="field {style}"><label for="{key}">{escape(label)}</label>{control}</div>'


def text_input(key: str, name: str, *, required: bool = False, placeholder: str = "") -> str:
    """A line of text."""
    needed = " required" if required else ""
    hint = f' placeholder="{escape(placeholder)}"' if placeholder else ""
    return f'<input class="input" id="{key}" name="{name}" autocomplete="off"{hint}{needed}>'


def select(key: str, name: str, options: Iterable[str]) -> str:
    """A choice of one word."""
    choices = "".join(f"<option>{escape(option)}</option>" for option in options)
    return (
        f'<div class="select"><select class="input" id="{key}" name="{name}">{choices}</select>'
        f"{icon('chevron')}</div>"
    )


def check(key: str, name: str, label: str) -> str:
    """A box to tick."""
    box = f'<input type="checkbox" id="{key}" name="{name}" value="true">'
    return f'<label class="check" for="{key}">{box}{escape(label)}</label>'


def message_fields(key: str, example: str) -> str:
    """Type, scope and subject of a conventional commit."""
    kind = field(f"{key}-type", "Type", select(f"{key}-type", "type", TYPES))
    scope = field(f"{key}-scope", "Scope", text_input(f"{key}-scope", "scope", placeholder="api"))
    subject = field(
        f"{key}-subject",
        "Subject",
        text_input(f"{key}-subject", "subject", required=True, placeholder=example),
        style="wide",
    )
    return f'<div class="message">{kind}{scope}{subject}</div>'


def age(at_ms: int) -> str:
    """`6 min`, `3 h`, `12 days`: how long ago."""
    seconds = max(0, now_ms() - at_ms) // 1000
    for size, unit in ((86_400, "d"), (3_600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size}\N{NO-BREAK SPACE}{unit}"
    return f"{seconds}\N{NO-BREAK SPACE}s"


def sha(value: str) -> str:
    """A commit's short name."""
    return f"<code>{escape(value[:7])}</code>"


def first_line(message: str) -> str:
    """The first line of a message, cut to what a line holds."""
    line = message.strip().split("\n", 1)[0]
    return escape(line if len(line) <= 90 else f"{line[:89]}…")
