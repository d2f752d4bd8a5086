"""The figures that reports give, their units, and which direction is the better one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

NBSP = "\N{NO-BREAK SPACE}"
Unit = Literal["", "bytes", "ms", "s", "%", "points", "/s"]
Better = Literal["less", "more", ""]
# Sizes in steps of a thousand, as browsers' tools and Vercel say them.
_SIZES = ((1e9, "GB"), (1e6, "MB"), (1e3, "KB"))


@dataclass(frozen=True)
class Figure:
    """`noun` names it in a sentence ("bundle +12 KB"); counts have `one` and `many` of a thing.

    A change by less than `noise`, a share of the value, is no change: measured times never repeat.
    """

    noun: str
    unit: Unit = ""
    better: Better = ""
    many: str = ""
    noise: float = 0.0


FIGURES: Mapping[str, Figure] = {
    "tests": Figure("test", many="tests"),
    "failed": Figure("failed test", better="less", many="failed tests"),
    "skipped": Figure("skipped test", better="less", many="skipped tests"),
    "flaky": Figure("flaky test", better="less", many="flaky tests"),
    "duration_s": Figure("duration", "s", "less", noise=0.05),
    "findings": Figure("finding", better="less", many="findings"),
    "severe": Figure("severe finding", better="less", many="severe findings"),
    "errors": Figure("error", better="less", many="errors"),
    "warnings": Figure("warning", better="less", many="warnings"),
    "bundle_bytes": Figure("bundle", "bytes", "less"),
    "gzip_bytes": Figure("compressed bundle", "bytes", "less"),
    "score": Figure("performance score", "points", "more", noise=0.01),
    "lcp_ms": Figure("largest contentful paint", "ms", "less", noise=0.02),
    "fcp_ms": Figure("first contentful paint", "ms", "less", noise=0.02),
    "tbt_ms": Figure("blocking time", "ms", "less", noise=0.02),
    "cls": Figure("layout shift", better="less", noise=0.02),
    "accessibility": Figure("accessibility score", "points", "more"),
    "p95_ms": Figure("p95", "ms", "less", noise=0.01),
    "error_rate": Figure("error rate", "%", "less"),
    "requests_per_s": Figure("throughput", "/s", "more", noise=0.02),
    "thresholds_failed": Figure("missed threshold", better="less", many="missed thresholds"),
    "migrations": Figure("migration", many="migrations"),
    "pending": Figure("pending migration", many="pending migrations"),
    "failed_migrations": Figure("failed migration", better="less", many="failed migrations"),
    "routes": Figure("route", many="routes"),
    "output_bytes": Figure("output", "bytes", "less"),
    "bytes": Figure("file", "bytes"),
}


def in_words(name: str, value: float) -> str:
    """A figure on its own: "1,204 tests", "p95 182 ms", "bundle 412 KB"."""
    figure = FIGURES[name]
    if figure.many:
        return f"{value:,.0f}{NBSP}{figure.noun if value == 1 else figure.many}"
    return f"{figure.noun} {amount(value, figure.unit)}"


def amount(value: float, unit: Unit) -> str:
    """A value from zero up with its unit."""
    if unit == "bytes":
        step, name = next((each for each in _SIZES if value >= each[0]), (1, "bytes"))
        return f"{_plain(value / step)}{NBSP}{name}"
    if unit == "points":
        return f"{_plain(value)}{NBSP}{'point' if value == 1 else 'points'}"
    return f"{_plain(value)}{NBSP}{unit}" if unit else _plain(value)


def _plain(value: float) -> str:
    """Three digits that count: 0.02, 1.25, 41.3, 412, 1,204."""
    if value >= 100 or value == int(value):
        return f"{value:,.0f}"
    return f"{value:.3g}"
