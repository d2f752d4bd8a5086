"""Where a chart draws what."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template.loader import render_to_string
from hypothesis import given
from hypothesis import strategies as st

from agentmesh_release.core.charts import Chart, Mark, Point, chart

START = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)
END = START + timedelta(minutes=30)


def at(minute: float) -> datetime:
    return START + timedelta(minutes=minute)


def drawn(points: list[Point], **options: object) -> Chart:
    return chart("errors", "Error rate", points, unit="%", start=START, end=END, **options)  # type: ignore[arg-type]


def test_a_line_goes_from_left_to_right_and_up() -> None:
    picture = drawn([(at(0), 0.0), (at(15), 1.0)])
    assert picture.after_path == "M0.00 100.0L50.00 9.1"
    assert picture.now == "1\N{NO-BREAK SPACE}%"


def test_a_gap_lifts_the_pen() -> None:
    picture = drawn([(at(0), 1.0), (at(10), None), (at(15), 1.0), (at(30), 1.0)])
    assert picture.after_path.count("M") == 2


def test_the_line_turns_at_the_deployment_without_a_hole() -> None:
    points: list[Point] = [(at(m), 1.0) for m in (0, 10, 20, 30)]
    picture = drawn(points, marks=[Mark(at(15), "v1.8.2 live", is_main=True)])
    assert picture.before_path == "M0.00 9.1L33.33 9.1L50.00 9.1"
    assert picture.after_path == "M50.00 9.1L66.67 9.1L100.00 9.1"


def test_what_is_still_to_come_is_marked() -> None:
    picture = drawn([(at(0), 1.0), (at(15), 1.0)])
    assert (picture.future_x, picture.future_width) == (50.0, 50.0)


def test_words_of_close_marks_do_not_touch() -> None:
    picture = drawn([], marks=[Mark(at(20), "v1.8.2 live", is_main=True), Mark(at(22), "opened")])
    first, second = picture.marks
    assert (first.before, second.before) == (True, False)


def test_nothing_measured_is_said_and_never_drawn_as_zero() -> None:
    picture = drawn([(at(5), None)])
    assert (picture.now, picture.after_path, picture.last_x) == ("–", "", None)
    assert "nothing was measured" in render_to_string("parts/chart.html", {"chart": picture})


def test_the_table_beneath_names_the_moment_of_the_deployment() -> None:
    points: list[Point] = [(at(m), m / 10) for m in range(31)]
    picture = drawn(points, marks=[Mark(at(14), "v1.8.2 live", is_main=True)])
    assert [row.note for row in picture.rows if row.note] == ["v1.8.2 live"]
    assert picture.rows[-1].value == "3\N{NO-BREAK SPACE}%"
    assert len(picture.rows) <= 14


def test_it_says_in_words_what_the_line_shows() -> None:
    picture = drawn([(at(0), 0.03), (at(10), 0.61), (at(15), 0.18)], limit=0.1, places=2)
    assert picture.described == (
        "Error rate went from 0.03\N{NO-BREAK SPACE}% to 0.18\N{NO-BREAK SPACE}%; "
        "0.61\N{NO-BREAK SPACE}% at most, at 14:10 UTC. The limit is 0.10\N{NO-BREAK SPACE}%."
    )


def test_a_chart_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="ends after it starts"):
        chart("x", "X", [], unit="", start=END, end=START)


@given(st.lists(st.tuples(st.floats(0, 30), st.none() | st.floats(0, 1e6)), max_size=40))
def test_everything_stays_inside_the_plot(raw: list[tuple[float, float | None]]) -> None:
    points: list[Point] = [(at(minute), value) for minute, value in sorted(dict(raw).items())]
    picture = drawn(points, limit=5.0)
    if picture.last_x is not None and picture.last_y is not None:
        assert 0 <= picture.last_x <= 100
        assert picture.top <= picture.last_y <= picture.base
    assert picture.limit_y is not None
    assert picture.top <= picture.limit_y <= picture.base
