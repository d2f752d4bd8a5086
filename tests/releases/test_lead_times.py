"""Lead times in buckets: near enough to the truth, and they add up."""

from collections import Counter
from statistics import median

from hypothesis import given
from hypothesis import strategies as some

from releases.metrics.lead_times import RATIO, bucket_of, quantile

SECONDS = some.lists(some.floats(1, 3e8), min_size=1, max_size=60)


@given(SECONDS)
def test_the_median_is_no_further_off_than_a_bucket(seconds: list[float]) -> None:
    found = quantile(Counter(map(bucket_of, seconds)), 0.5)
    ordered = sorted(seconds)
    below = ordered[(len(ordered) - 1) // 2]
    assert found is not None
    assert below / RATIO <= found <= max(below, median(seconds)) * RATIO


@given(SECONDS, SECONDS)
def test_two_periods_add_up(one: list[float], other: list[float]) -> None:
    apart = Counter(map(bucket_of, one)) + Counter(map(bucket_of, other))
    assert quantile(apart, 0.9) == quantile(Counter(map(bucket_of, one + other)), 0.9)


def test_nothing_has_no_median() -> None:
    assert quantile({}, 0.5) is None


def test_what_was_committed_after_it_went_live_counts_as_at_once() -> None:
    assert bucket_of(-5) == bucket_of(0.3) == 0
