"""Charts: points in, positions out. `templates/parts/chart.html` draws them as SVG with a table.

Pure. Positions along time are percent of the plot's width, so a chart stretches and its words do
not; heights are pixels of a plot of `HEIGHT` (lines) or percent of it (paths).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from .figures import number

TOP, HEIGHT = 36, 108
_TABLE_ROWS = 12
_LINES = 2
_WORD_WIDTH = 17.0  # percent of the width that a mark's word may take

Point = tuple[datetime, float | None]


@dataclass(frozen=True)
class Mark:
    """Something that happened; `is_main` is the deployment the chart is about."""

    at: datetime
    word: str
    is_main: bool = False


@dataclass(frozen=True)
class PlacedMark:
    """A mark on the plot: its place, the line its word stands on, the side it is written to."""

    mark: Mark
    x: float
    word_y: int
    before: bool


@dataclass(frozen=True)
class Row:
    """One row of the table beneath the chart."""

    at: datetime
    value: str
    note: str = ""


@dataclass(frozen=True)
class Chart:
    """All that the template draws. Paths are in a 100 by 100 box, the rest as named."""

    key: str
    title: str
    described: str
    state: str
    word: str
    note: str
    now: str
    before_path: str
    after_path: str
    area_path: str
    limit_y: float | None
    limit_word: str
    over_height: float
    last_x: float | None
    last_y: float | None
    future_x: float | None
    marks: tuple[PlacedMark, ...]
    start: datetime
    end: datetime
    rows: tuple[Row, ...]
    top = TOP
    base = TOP + HEIGHT
    height = TOP + HEIGHT + 28

    @property
    def future_width(self) -> float:
        return 0 if self.future_x is None else round(100 - self.future_x, 2)

    @property
    def limit_word_y(self) -> float | None:
        return None if self.limit_y is None else self.limit_y - 6


def chart(
    key: str,
    title: str,
    points: Sequence[Point],
    *,
    unit: str,
    start: datetime,
    end: datetime,
    limit: float | None = None,
    limit_word: str = "limit",
    marks: Iterable[Mark] = (),
    state: str = "passed",
    word: str = "",
    note: str = "",
    described: str = "",
    places: int | None = None,
) -> Chart:
    """Lay out a line over time; a None value is a gap, never a zero.

    `key` is unique on the page (it names the title and the clip). The line before the main mark is
    drawn as "before". Raises ValueError when `end` is not after `start`.
    """
    if end <= start:
        raise ValueError("A chart ends after it starts.")
    known = [(at, value) for at, value in points if value is not None and start <= at <= end]
    ceiling = _ceiling([value for _, value in known], limit)
    frame = _Frame(start, end, ceiling)
    placed = tuple(_place(sorted(marks, key=lambda mark: mark.at), frame))
    turn = next((each.mark.at for each in placed if each.mark.is_main), None)
    last = known[-1] if known else None
    line = [point for point in points if start <= point[0] <= end]
    before, after = _split(line, turn)
    return Chart(
        key=key,
        title=title,
        described=described or _describe(title, known, unit, limit, places),
        state=state,
        word=word,
        note=note,
        now=number(last[1], unit, places=places) if last else "–",
        before_path=frame.path(before),
        after_path=frame.path(after),
        area_path=frame.area(line) if limit is not None else "",
        limit_y=None if limit is None else round(TOP + frame.y(limit) * HEIGHT / 100, 1),
        limit_word=f"{limit_word} {number(limit, unit)}" if limit is not None else "",
        over_height=0 if limit is None else round(frame.y(limit), 2),
        last_x=round(frame.x(last[0]), 2) if last else None,
        last_y=round(TOP + frame.y(last[1]) * HEIGHT / 100, 1) if last else None,
        future_x=round(frame.x(last[0]), 2) if last and frame.x(last[0]) < 99 else None,
        marks=placed,
        start=start,
        end=end,
        rows=tuple(_rows(known, placed, unit, places)),
    )


@dataclass(frozen=True)
class _Frame:
    start: datetime
    end: datetime
    ceiling: float

    def x(self, at: datetime) -> float:
        return 100 * ((at - self.start) / (self.end - self.start))

    def y(self, value: float) -> float:
        return 100 - 100 * min(max(value / self.ceiling, 0), 1)

    def path(self, line: Sequence[Point]) -> str:
        """Move to, line to; a gap lifts the pen."""
        return "".join(
            ("L" if drawn else "M") + f"{self.x(at):.2f} {self.y(value):.1f}"
            for _, run in _runs(line)
            for drawn, (at, value) in enumerate(run)
        )

    def area(self, line: Sequence[Point]) -> str:
        """The ground under each unbroken run."""
        shapes = []
        for _, run in _runs(line):
            edge = "L".join(f"{self.x(at):.2f} {self.y(value):.1f}" for at, value in run)
            shapes.append(f"M{edge}L{self.x(run[-1][0]):.2f} 100L{self.x(run[0][0]):.2f} 100Z")
        return "".join(shapes)


def _split(line: list[Point], turn: datetime | None) -> tuple[list[Point], list[Point]]:
    """The line before and after the turn; they meet at it, where the line would cross it."""
    if turn is None:
        return [], line
    before = [point for point in line if point[0] <= turn]
    after = [point for point in line if point[0] > turn]
    (start, low), (end, high) = (before or [(turn, None)])[-1], (after or [(turn, None)])[0]
    if low is None or high is None:
        return before, after
    meeting = (turn, low + (high - low) * ((turn - start) / (end - start)))
    return [*before, meeting], [meeting, *after]


def _runs(line: Sequence[Point]) -> list[tuple[bool, list[tuple[datetime, float]]]]:
    return [
        (known, [(at, value) for at, value in run if value is not None])
        for known, run in groupby(line, key=lambda point: point[1] is not None)
        if known
    ]


def _ceiling(values: list[float], limit: float | None) -> float:
    """A tenth above all that is drawn, so that no line touches the words."""
    return (max([*values, limit or 0.0], default=0.0) or 1.0) * 1.1


def _place(marks: list[Mark], frame: _Frame) -> Iterable[PlacedMark]:
    """Each word beside its line, where it crosses no other line and touches no other word."""
    places = [min(max(frame.x(mark.at), 0.0), 100.0) for mark in marks]
    taken: list[tuple[int, float, float]] = []
    for mark, x in zip(marks, places, strict=True):
        others = [place for place in places if place != x]
        line, before = next(
            (
                (line, before)
                for line in range(_LINES)
                for before in (False, True)
                if _is_free(line, *_reach(x, before), taken, others)
            ),
            (_LINES - 1, x > 50),
        )
        taken.append((line, *_reach(x, before)))
        yield PlacedMark(mark, round(x, 2), 14 + 14 * line, before)


def _reach(x: float, before: bool) -> tuple[float, float]:
    return (x - _WORD_WIDTH, x) if before else (x, x + _WORD_WIDTH)


def _is_free(
    line: int, left: float, right: float, taken: list[tuple[int, float, float]], others: list[float]
) -> bool:
    crossed = any(left < other < right for other in others)
    touched = any(at == line and left < end and start < right for at, start, end in taken)
    return left >= 0 and right <= 100 and not crossed and not touched


def _rows(
    known: list[tuple[datetime, float]],
    placed: Sequence[PlacedMark],
    unit: str,
    places: int | None,
) -> Iterable[Row]:
    """A dozen points evenly chosen, and the one nearest to each mark with its word."""
    if not known:
        return
    step = max(1, -(-len(known) // _TABLE_ROWS))
    notes = {
        min(range(len(known)), key=lambda at: abs(known[at][0] - each.mark.at)): each.mark.word
        for each in placed
    }
    for at in sorted({*range(0, len(known), step), len(known) - 1, *notes}):
        moment, value = known[at]
        yield Row(moment, number(value, unit, places=places), notes.get(at, ""))


def _describe(
    title: str,
    known: list[tuple[datetime, float]],
    unit: str,
    limit: float | None,
    places: int | None,
) -> str:
    if not known:
        return f"{title}: nothing was measured."
    first, last = known[0][1], known[-1][1]
    peak_at, peak = max(known, key=lambda point: point[1])

    def say(value: float) -> str:
        return number(value, unit, places=places)

    most = f"{say(peak)} at most, at {peak_at:%H:%M} UTC"
    told = f"{title} went from {say(first)} to {say(last)}; {most}."
    return told if limit is None else f"{told} The limit is {say(limit)}."
