"""Column charts: one figure per week in, shapes out. `templates/parts/columns.html` draws them.

Pure. Paths are in a box of 100 by 100 that stretches with the page.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

_LEAST = 2.0  # what is there is seen, however small
_SHARE = 0.72  # of its place that a column fills
_LABELS = 4


@dataclass(frozen=True)
class Value:
    """What is charted of the week that begins `at`; `amount` is None where there is none, and
    `is_known` says whether that is a fact or nobody looked. `said` is what is read out."""

    at: datetime
    amount: float | None
    said: str
    is_known: bool = True


@dataclass(frozen=True)
class ColumnChart:
    """All that the template draws. `most` is what the tallest column stands for; `labels` are the
    moments that the axis names, evenly apart; `described` is the chart in a sentence."""

    key: str
    title: str
    values: tuple[Value, ...]
    most: str
    described: str
    columns_path: str
    unknown_path: str
    labels: tuple[datetime, ...]


def column_chart(
    key: str, title: str, values: Sequence[Value], say: Callable[[float], str]
) -> ColumnChart:
    """Lay out values, the earliest first; `key` is unique on the page."""
    ceiling = max((value.amount or 0 for value in values), default=0)
    every = max(1, -(-len(values) // _LABELS))
    heights = [
        max(_LEAST, 100 * value.amount / ceiling) if value.amount and ceiling else 0.0
        for value in values
    ]
    return ColumnChart(
        key,
        title,
        tuple(values),
        most=say(ceiling) if ceiling else "",
        described=_described(title, values),
        columns_path=_path(heights),
        unknown_path=_path([0.0 if value.is_known else 100.0 for value in values]),
        labels=tuple(value.at for value in values[::every]),
    )


def _path(heights: Sequence[float]) -> str:
    """A column for each height, none for zero."""
    return "".join(_columns(heights, 100 / max(1, len(heights))))


def _columns(heights: Iterable[float], step: float) -> Iterable[str]:
    for at, height in enumerate(heights):
        if height:
            yield f"M{at * step:.2f} 100v{-height:.1f}h{step * _SHARE:.2f}v{height:.1f}z"


def _described(title: str, values: Sequence[Value]) -> str:
    known = [value for value in values if value.amount is not None]
    if not known:
        return f"{title} by week: nothing is known."
    most = max(known, key=lambda value: value.amount or 0)
    return (
        f"{title} by week: {known[0].said} at first, {known[-1].said} at last, {most.said} at most."
    )
