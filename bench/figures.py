"""Figures of a measurement, the same in every bench."""

from collections.abc import Sequence
from statistics import quantiles


def percentile(values: Sequence[float], percent: int) -> float:
    """The value that `percent` of a hundred do not exceed."""
    return quantiles(values, n=100, method="inclusive")[percent - 1]


def shown(values_ms: Sequence[float]) -> str:
    """Median, p99 and maximum of milliseconds, in one line."""
    return (
        f"n={len(values_ms)} p50={percentile(values_ms, 50):.1f} ms"
        f" p99={percentile(values_ms, 99):.1f} ms max={max(values_ms):.1f} ms"
    )
