"""Column charts: what is drawn, what is not, and what is said of it."""

from datetime import UTC, datetime, timedelta

from agentmesh_release.core.columns import Value, column_chart

START = datetime(2026, 11, 2, tzinfo=UTC)


def weeks(*amounts: float | None) -> list[Value]:
    return [
        Value(START + timedelta(days=7 * n), amount, f"{amount}", is_known=amount is not None)
        for n, amount in enumerate(amounts)
    ]


def test_the_tallest_column_fills_the_plot_and_the_others_are_in_proportion() -> None:
    chart = column_chart("k", "Runs", weeks(5, 10), "{:.0f} runs".format)
    assert chart.columns_path.count("M") == 2
    assert "v-50.0" in chart.columns_path
    assert "v-100.0" in chart.columns_path
    assert chart.most == "10 runs"


def test_zero_has_no_column_and_is_not_unknown() -> None:
    chart = column_chart("k", "Runs", weeks(0, 3), str)
    assert chart.columns_path.count("M") == 1
    assert chart.unknown_path == ""


def test_what_nobody_watched_is_marked_and_not_drawn_as_zero() -> None:
    chart = column_chart("k", "Runs", weeks(None, 3), str)
    assert chart.columns_path.count("M") == 1
    assert chart.unknown_path.startswith("M0.00 100v-100.0")


def test_the_axis_names_no_more_than_a_few_weeks() -> None:
    assert len(column_chart("k", "Runs", weeks(*range(1, 53)), str).labels) == 4


def test_nothing_known_is_said_so() -> None:
    assert (
        column_chart("k", "Runs", weeks(None), str).described == "Runs by week: nothing is known."
    )
