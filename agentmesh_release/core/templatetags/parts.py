"""The small parts that every page is made of. Larger ones are includes in `templates/parts/`."""

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django import template
from django.forms import BoundField
from django.templatetags.static import static
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from .. import deeds, figures, times
from ..marks import TICKS, outline, plain, word_of

register = template.Library()


@register.simple_tag
def icon(name: str, css_class: str = "icon") -> SafeString:
    """An icon of the sprite. It never stands without its word, so it is hidden from readers."""
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="{}#i-{}"/></svg>',
        css_class, static("icons.svg"), name,
    )  # fmt: skip


@register.simple_tag
def mark(css_class: str = "brand-mark") -> SafeString:
    """The house's own mark."""
    return icon("mark", css_class)


@register.simple_tag
def state(name: str, word: str = "", icon_name: str = "", css_class: str = "") -> SafeString:
    """Outline + word + colour. `word` and `icon_name` default to those of the state."""
    name = plain(name)
    return format_html(
        '<span class="{}" data-state="{}">{}<span class="word">{}</span></span>',
        f"state {css_class}".strip(),
        name,
        icon(icon_name or outline(name)),
        word or word_of(name),
    )


@register.simple_tag
def state_icon(name: str, icon_name: str = "") -> SafeString:
    """The outline of a state alone, for a sentence that says the state itself."""
    return icon(icon_name or outline(name))


@register.simple_tag
def node(name: str, icon_name: str = "") -> SafeString:
    """The icon of a stop on a track."""
    return icon(icon_name or outline(name), "icon stop-node")


@register.simple_tag
def tick(name: str) -> SafeString:
    """One 10 px mark, for a line that says in words what it means."""
    return format_html(
        '<svg class="tick" aria-hidden="true"><use href="{}#t-{}"/></svg>',
        static("icons.svg"), name if name in TICKS else "pending",
    )  # fmt: skip


@register.simple_tag
def ticks(verdicts: Iterable[Any], noun: str = "gate") -> SafeString:
    """One mark per gate, blockers last, and a title that counts them. Takes states or verdicts."""
    states = [str(getattr(verdict, "state", verdict)) for verdict in verdicts]
    counted = Counter(name if name in TICKS else "pending" for name in states)
    row = [name for name in TICKS for _ in range(counted[name])]
    tally = ", ".join(f"{counted[name]} {name}" for name in TICKS if counted[name])
    title = figures.count(len(row), noun) + (f": {tally}" if tally else "")
    marks = format_html_join(
        "",
        '<use href="{}#t-{}" data-state="{}" x="{}" width="10" height="10"/>',
        ((static("icons.svg"), name, name, 13 * at) for at, name in enumerate(row)),
    )
    return format_html(
        '<svg class="ticks" role="img" width="{}" height="10"><title>{}</title>{}</svg>',
        max(10, 13 * len(row)), title, marks,
    )  # fmt: skip


def _time(when: datetime, said_as: str, words: str) -> SafeString:
    return format_html(
        '<time datetime="{}" title="{}" data-as="{}">{}</time>',
        times.machine(when), times.full(when), said_as, words,
    )  # fmt: skip


@register.simple_tag
def age(when: datetime | None, *styles: str) -> str:
    """How old something is. Styles: "ago" adds the word, "short" keeps one unit."""
    if not when:
        return ""
    words = times.age(when, timezone.now(), ago="ago" in styles, short="short" in styles)
    return _time(when, " ".join(["age", *styles]), words)


@register.simple_tag
def moment(when: datetime | None, style: str = "moment") -> str:
    """A moment: "14:30:12" today, else its day. Styles: "day", "log", "full", "date", "axis"."""
    if not when:
        return ""
    now = timezone.now()
    said = {
        "moment": lambda: times.moment(when, now),
        "day": lambda: times.day(when, now),
        "log": lambda: times.logged(when),
        "full": lambda: times.full(when),
        "date": lambda: times.date(when, now),
        "axis": lambda: times.on_axis(when),
    }
    return _time(when, style, said[style]())


@register.simple_tag
def clock(when: datetime | None) -> str:
    """The time of day alone: "14:35"."""
    return "" if not when else _time(when, "clock", f"{when.astimezone(UTC):%H:%M}")


@register.simple_tag
def zone() -> SafeString:
    """The zone in which this page says its times: UTC, or the reader's where scripts run."""
    return format_html("<span data-zone>{}</span>", "UTC")


@register.simple_tag
def duration(length: timedelta | float | None, short: bool = False) -> str:
    """A length of time, given as timedelta or in seconds: "5 min 38 s"."""
    if length is None or length == "":
        return ""
    length = length if isinstance(length, timedelta) else timedelta(seconds=length)
    return format_html(
        '<time datetime="{}">{}</time>',
        times.machine_length(length), times.span(length, short=short),
    )  # fmt: skip


@register.simple_tag
def elapsed(since: datetime | None, until: datetime | None = None) -> str:
    """A stopwatch, "12:32"; it ticks on while `until` is None."""
    if not since:
        return ""
    words = times.stopwatch((until or timezone.now()) - since)
    if until is not None:
        return format_html(
            '<time datetime="{}">{}</time>', times.machine_length(until - since), words
        )
    return _time(since, "elapsed", words)


@register.simple_tag(name="number")
def number_tag(value: figures.Figure | None, unit: str = "", places: int | None = None) -> str:
    """A number with its unit, a no-break space between them; "–" when there is none."""
    return "–" if value is None or value == "" else figures.number(value, unit, places=places)


@register.filter(name="number")
def number_filter(value: figures.Figure | None, unit: str = "") -> str:
    """`{{ latency|number:"ms" }}`"""
    return number_tag(value, unit)


@register.filter
def count(value: int, nouns: str) -> str:
    """`{{ n|count:"commit" }}`, `{{ n|count:"entry,entries" }}`: "no commit", "24 commits"."""
    noun, _, plural = nouns.partition(",")
    return figures.count(value, noun, plural)


@register.filter
def sha(value: str | None) -> str:
    """The first seven of a commit's name, as code."""
    return format_html("<code>{}</code>", value[:7]) if value else ""


@register.simple_tag
def person(who: Any, note: str = "") -> SafeString:
    """A mark with the initial, the first name, and a note such as the role."""
    name = str(getattr(who, "name", who))
    return format_html(
        '<span class="person"><span class="person-mark" aria-hidden="true">{}</span>'
        "<span>{}{}</span></span>",
        name[:1].upper(), name, format_html("<br><small>{}</small>", note) if note else "",
    )  # fmt: skip


@register.simple_tag(takes_context=True)
def back_url(context: template.Context) -> str:
    """Where the reader came from, if that was one of our pages and not this one; else nothing."""
    request = context.get("request")
    if request is None:
        return ""
    came_from: str = request.headers.get("Referer", "")
    ours = url_has_allowed_host_and_scheme(came_from, {request.get_host()})
    return came_from if ours and came_from != request.build_absolute_uri() else ""


@register.filter
def pairs(data: dict[str, Any]) -> list[tuple[str, Any]]:
    """Names and values of recorded data; `.items` would find a key of that name first."""
    return list(data.items())


@register.filter
def short(name: str) -> str:
    """A provider's long id with its middle left out: `dpl_8fJq…Zk2`."""
    return name if len(name) <= 16 else f"{name[:8]}…{name[-4:]}"


@register.filter
def act(verb: str) -> str:
    """An audit verb as words: `promotion.approve` is "approved the promotion"."""
    return deeds.said(verb)


@register.filter
def control(field: BoundField, css_class: str = "input") -> SafeString:
    """A form's field as the control alone, tied to its note and its refusal for screen readers."""
    notes = [f"{field.auto_id}_refusal"] if field.errors else []
    if field.help_text:
        notes.append(f"{field.auto_id}_helptext")
    attrs: dict[str, str | bool] = {"class": css_class}
    if notes:
        attrs["aria-describedby"] = " ".join(notes)
    if field.errors:
        attrs["aria-invalid"] = "true"
    return field.as_widget(attrs=attrs)
