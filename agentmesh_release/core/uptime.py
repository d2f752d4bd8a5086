"""Ninety days as ninety bars: height and outline vary with the state of the day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

HEIGHT = 32
_HEIGHT_OF = {"": 20, "maintenance": 20, "degraded": 26, "outage": 32}

Day = tuple[date, str]


@dataclass(frozen=True)
class Bar:
    """One day; `state` is empty for a day that was whole."""

    x: float
    width: float
    y: int
    height: int
    state: str


def bars(days: Sequence[Day]) -> list[Bar]:
    """Bars for the days, oldest first; a day is (date, "", "degraded", "outage" or "maintenance")."""
    step = 100 / max(1, len(days))
    return [
        Bar(
            x=round(at * step, 3),
            width=round(step * 0.62, 3),
            y=HEIGHT - _HEIGHT_OF[state],
            height=_HEIGHT_OF[state],
            state=state,
        )
        for at, (_, state) in enumerate(days)
    ]
