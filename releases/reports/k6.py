"""k6's end-of-test summary, old (`--summary-export`) and new (the data of `handleSummary`).

They differ in where values stand, and in what a threshold's boolean means: the old one is true
when the threshold was crossed (grafana/k6 issue 1498), the new one has `{"ok": true}` when it held.
https://grafana.com/docs/k6/latest/results-output/end-of-test/custom-summary/
"""

from collections.abc import Iterator

from .documents import Value
from .reading import Reading, Unreadable

MOST_NAMED = 20
NO_P95 = "It has no p95: the test's summaryTrendStats leaves it out."


def is_k6(report: Value) -> bool:
    return isinstance(report.part("metrics").data, dict)


def read_k6(report: Value) -> Reading:
    """Times in ms, the error rate in %, thresholds held and missed. Raises Unreadable."""
    metrics = report.part("metrics")
    figures: dict[str, float] = {}
    _keep(figures, "p95_ms", _value(metrics.part("http_req_duration"), "p(95)"), 2)
    failed = metrics.part("http_req_failed")
    rate = _value(failed, "rate")
    rate = _value(failed, "value") if rate is None else rate
    _keep(figures, "error_rate", None if rate is None else 100 * rate, 4)
    _keep(figures, "requests_per_s", _value(metrics.part("http_reqs"), "rate"), 2)
    thresholds = list(_thresholds(metrics))
    missed = [name for name, held in thresholds if not held]
    if thresholds:
        figures["thresholds_failed"] = len(missed)
    if not figures:
        raise Unreadable("The summary of k6 has neither HTTP requests nor thresholds.")
    problems = [] if "p95_ms" in figures else [NO_P95]
    summary = {"tool": "k6", "thresholds": len(thresholds), "missed": missed[:MOST_NAMED]}
    return Reading(summary, figures, tuple(problems))


def _keep(figures: dict[str, float], name: str, value: float | None, places: int) -> None:
    if value is not None and value >= 0:
        figures[name] = round(value, places)


def _value(metric: Value, name: str) -> float | None:
    """New summaries keep values in `values`, old ones beside the rest."""
    values = metric.part("values")
    return (values if isinstance(values.data, dict) else metric).part(name).number()


def _thresholds(metrics: Value) -> Iterator[tuple[str, bool]]:
    """Each threshold, and whether it held. Raises Unreadable for one that says neither."""
    for name, metric in metrics.parts():
        known = metric.part("thresholds")
        if not isinstance(known.data, dict):
            continue
        for condition, said in known.parts():
            crossed, ok = said.data, said.part("ok").data
            if not isinstance(crossed, bool) and not isinstance(ok, bool):
                raise said.wrong("says neither yes nor no")
            held = ok if isinstance(ok, bool) else not crossed
            yield f"{name[:100]}: {condition[:100]}", held
