"""Ninety days as ninety bars: height and outline vary with the state of the day. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

# Maintenance is an outline: its line stands half a pixel inside.
_SHAPE_OF = {"": (12, 20), "maintenance": (12.5, 19), "degraded": (6, 26), "outage": (0, 32)}

Day = tuple[date, str]


@dataclass(frozen=True)
class Bar:
    """One day; `state` is empty for a day that was whole."""

    x: float
    width: float
    y: float
    height: float
    state: str


def bars(days: Sequence[Day]) -> list[Bar]:
    """Bars for days, oldest first; a day's state is "", degraded, outage or maintenance."""
    step = 100 / max(1, len(days))
    return [
        Bar(
            x=round(at * step, 3),
            width=round(step * 0.62, 3),
            y=_SHAPE_OF[state][0],
            height=_SHAPE_OF[state][1],
            state=state,
        )
        for at, (_, state) in enumerate(days)
    ]
