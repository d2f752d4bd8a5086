"""The four objectives of the seed: their limits, their budgets, their words, their queries."""

import pytest

from incidents.objectives import OBJECTIVES, Objective

BY_KEY = {objective.key: objective for objective in OBJECTIVES}


@pytest.mark.parametrize(
    ("key", "limit", "good", "bad"),
    [
        ("availability", 0.9995, 0.9996, 0.999),
        ("latency", 0.3, 0.299, 0.301),
        ("error_rate", 0.001, 0.0009, 0.0011),
        ("success_rate", 0.999, 0.9991, 0.998),
    ],
)
def test_the_limits_are_those_of_the_seed(key: str, limit: float, good: float, bad: float) -> None:
    objective = BY_KEY[key]
    assert objective.limit == limit
    assert objective.is_met(good, limit)
    assert objective.is_met(limit, limit)
    assert not objective.is_met(bad, limit)


@pytest.mark.parametrize(
    ("key", "value", "left"),
    [
        ("availability", 1.0, 1.0),
        ("availability", 0.99975, 0.5),
        ("availability", 0.999, -1.0),
        ("error_rate", 0.0, 1.0),
        ("error_rate", 0.0005, 0.5),
        ("error_rate", 0.002, -1.0),
    ],
)
def test_the_budget_is_what_the_limit_leaves(key: str, value: float, left: float) -> None:
    objective = BY_KEY[key]
    assert objective.budget_left(value, objective.limit) == pytest.approx(left)


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [("latency", 0.2312, "231\xa0ms"), ("error_rate", 0.0042, "0.42\xa0%"),
     ("availability", 0.9995, "99.95\xa0%"), ("success_rate", 1.0, "100\xa0%")],
)  # fmt: skip
def test_values_are_said_with_their_unit(key: str, value: float, said: str) -> None:
    assert BY_KEY[key].said(value) == said


@pytest.mark.parametrize("objective", OBJECTIVES)
def test_a_job_cannot_leave_its_quotes(objective: Objective) -> None:
    query = objective.promql('a"} or vector(1) #\\', "5m")
    assert 'job="a\\"} or vector(1) #\\\\"' in query
