"""How times are said."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentmesh_release.core import times

NOW = datetime(2026, 11, 24, 14, 32, 8, tzinfo=UTC)
S = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("old", "words"),
    [
        (timedelta(0), "now"),
        (timedelta(seconds=-3), "now"),
        (timedelta(seconds=4), f"4{S}s ago"),
        (timedelta(seconds=59.9), f"59{S}s ago"),
        (timedelta(minutes=6, seconds=40), f"6{S}min ago"),
        (timedelta(hours=2, minutes=23), f"2{S}h 23{S}min ago"),
        (timedelta(hours=3), f"3{S}h ago"),
        (timedelta(hours=24), "Mon 14:32"),
        (timedelta(days=12), f"12{S}Nov 14:32"),
        (timedelta(days=400), f"20{S}Oct{S}2025"),
    ],
)
def test_an_age_is_said_under_a_day_and_the_day_after_that(old: timedelta, words: str) -> None:
    assert times.age(NOW - old, NOW, ago=True) == words


def test_a_short_age_keeps_one_unit() -> None:
    assert times.age(NOW - timedelta(hours=2, minutes=23), NOW, short=True) == f"2{S}h"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0, f"0{S}s"),
        (0.6, f"0.6{S}s"),
        (0.99, f"1{S}s"),
        (61, f"1{S}min 1{S}s"),
        (300, f"5{S}min"),
        (8580, f"2{S}h 23{S}min"),
        (90_000, f"1{S}day 1{S}h"),
    ],
)
def test_a_length_has_two_units_at_most(seconds: float, words: str) -> None:
    assert times.span(timedelta(seconds=seconds)) == words


def test_a_moment_of_another_day_says_its_day() -> None:
    assert times.moment(NOW - timedelta(hours=15), NOW) == "Mon 23:32"


def test_a_moment_in_another_zone_is_said_in_utc() -> None:
    there = NOW.astimezone(tz=None)
    assert times.full(there) == "24 Nov 2026, 14:32:08 UTC"
    assert times.machine(there) == "2026-11-24T14:32:08Z"


def test_a_stopwatch_runs_over_hours() -> None:
    assert times.stopwatch(timedelta(seconds=340)) == "5:40"
    assert times.stopwatch(timedelta(seconds=3729)) == "1:02:09"


@given(st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000)))
def test_no_age_is_empty_and_units_never_part_from_their_number(old: timedelta) -> None:
    words = times.age(NOW - old, NOW)
    assert words
    assert not any(f" {unit}" in words for unit in ("min", "s", "h"))
