"""Lighthouse's JSON: scores of categories, and the metrics that they come from.

https://github.com/GoogleChrome/lighthouse/blob/main/docs/understanding-results.md
"""

from collections.abc import Mapping

from .documents import Value
from .reading import Reading, Unreadable

METRICS: Mapping[str, str] = {
    "lcp_ms": "largest-contentful-paint",
    "fcp_ms": "first-contentful-paint",
    "tbt_ms": "total-blocking-time",
    "cls": "cumulative-layout-shift",
}
# Lighthouse scores from 0 to 1 and shows points of 100.
SCORES: Mapping[str, str] = {"score": "performance", "accessibility": "accessibility"}
PLACES = {"cls": 3}


def is_lighthouse(report: Value) -> bool:
    return isinstance(report.part("lighthouseVersion").data, str)


def read_lighthouse(report: Value) -> Reading:
    """Points of 100, times in ms. A score that is null was not measured. Raises Unreadable."""
    error = report.part("runtimeError").part("message").text()
    if error:
        raise Unreadable(f"Lighthouse could not measure the page: {error}")
    figures: dict[str, float] = {}
    problems = []
    for name, category in SCORES.items():
        score = report.part("categories").part(category).part("score").number()
        if score is not None and 0 <= score <= 1:
            figures[name] = round(100 * score)
        elif category in report.part("categories").object():
            problems.append(f"Lighthouse gives no {category} score.")
    for name, audit in METRICS.items():
        value = report.part("audits").part(audit).part("numericValue").number()
        if value is not None and value >= 0:
            figures[name] = round(value, PLACES.get(name, 1))
    if not figures:
        raise Unreadable("The report of Lighthouse has neither a score nor a metric.")
    url = report.part("finalDisplayedUrl").text(500) or report.part("finalUrl").text(500)
    summary = {
        "tool": f"Lighthouse {report.part('lighthouseVersion').text(20)}",
        "page": url or report.part("requestedUrl").text(500),
    }
    return Reading(summary, figures, tuple(problems))
