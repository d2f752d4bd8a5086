"""A report against the one of the release before: bundle +12 KB, p95 −8 ms, 2 new findings."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from .figures import FIGURES, NBSP, Figure, amount
from .reading import Reading

State = Literal["better", "worse", "same", "changed", "unknown"]
NOTHING_BEFORE = "Nothing to compare with: the release before has no such report."
NOTHING_IN_COMMON = "Nothing to compare with: the report before measured other things."


@dataclass(frozen=True)
class Difference:
    """`words` as a page says it; `figure` is its name in `FIGURES`, empty for a sentence.

    `changed` is different and neither better nor worse; `unknown` says why nothing was compared.
    """

    figure: str
    words: str
    state: State
    was: float | None = None
    now: float | None = None


def compare(kind: str, new: Reading, old: Reading | None) -> tuple[Difference, ...]:
    """What changed from the old report of that kind to the new one, worse things first.

    Never empty: what cannot be compared says so, and what is unchanged does too.
    """
    if old is None:
        return (Difference("", NOTHING_BEFORE, "unknown"),)
    found = [*_findings(kind, new, old), *_figures(new, old)]
    if not found:
        return (Difference("", NOTHING_IN_COMMON, "unknown"),)
    changed = [each for each in found if each.state != "same"]
    if not changed:
        return (Difference("", "Unchanged since the release before.", "same"),)
    order: Sequence[State] = ("worse", "unknown", "better", "changed")
    return tuple(sorted(changed, key=lambda each: order.index(each.state)))


def _figures(new: Reading, old: Reading) -> Iterator[Difference]:
    """The figures that both have, in the order of `FIGURES`; findings are told by their marks."""
    told_apart = _marks(new) is not None and _marks(old) is not None
    for name, figure in FIGURES.items():
        if name in new.figures and name in old.figures and not (name == "findings" and told_apart):
            yield _figure(name, figure, old.figures[name], new.figures[name])


def _figure(name: str, figure: Figure, was: float, now: float) -> Difference:
    delta = now - was
    if abs(delta) <= figure.noise * max(abs(was), abs(now)):
        return Difference(name, "", "same", was, now)
    state: State = "changed"
    if figure.better:
        state = "better" if (delta < 0) == (figure.better == "less") else "worse"
    sign = "+" if delta > 0 else "−"
    if figure.many:
        noun = figure.noun if abs(delta) == 1 else figure.many
        return Difference(name, f"{sign}{abs(delta):,.0f}{NBSP}{noun}", state, was, now)
    words = f"{figure.noun} {sign}{amount(abs(delta), figure.unit)}"
    return Difference(name, words, state, was, now)


def _findings(kind: str, new: Reading, old: Reading) -> Iterator[Difference]:
    """New and gone findings, by the marks that stay with a finding when its line moves."""
    now, before = _marks(new), _marks(old)
    if kind != "security" or now is None or before is None:
        return
    came, went = len(now - before), len(before - now)
    yield _counted(came, "new finding", "worse", len(before), len(now))
    yield _counted(went, "finding fewer", "better", len(before), len(now), "findings fewer")


def _counted(
    count: int, noun: str, state: State, was: int, now: int, plural: str = ""
) -> Difference:
    words = f"{count:,}{NBSP}{noun if count == 1 else plural or noun + 's'}"
    return Difference("findings", words, state if count else "same", was, now)


def _marks(reading: Reading) -> frozenset[str] | None:
    """The marks of the findings, None where the report has none or had too many to keep."""
    marks = reading.summary.get("marks")
    if not isinstance(marks, Iterable) or isinstance(marks, str):
        return None
    return frozenset(marks)
