"""The four objectives of the seed (Monitoring and Alerting, Key Metrics), as pure facts."""

from dataclasses import dataclass

NBSP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True)
class Objective:
    """One kind of objective.

    `query` takes the job and a window in PromQL's form (`5m`); `at_least` says on which side of
    its limit a value is good; `is_time` values are seconds, the others ratios from 0 to 1.
    """

    key: str
    label: str
    short: str
    limit: float
    query: str
    at_least: bool
    is_time: bool = False
    has_budget: bool = False

    def promql(self, job: str, window: str) -> str:
        """The query for one job; the name is quoted, so that it cannot leave its string."""
        quoted = job.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return self.query.replace("JOB", quoted).replace("WINDOW", window)

    def is_met(self, value: float, limit: float) -> bool:
        return value >= limit if self.at_least else value <= limit

    def said(self, value: float) -> str:
        """A value as people say it: `231 ms`, `99.97 %`."""
        if self.is_time:
            return f"{value * 1000:.0f}{NBSP}ms"
        text = f"{value * 100:.3f}".rstrip("0").rstrip(".")
        return f"{text}{NBSP}%"

    @property
    def bound(self) -> str:
        return "target" if self.at_least else "limit"

    def budget_left(self, value: float, limit: float) -> float:
        """The share of the error budget that a window's ratio leaves; below 0 when overspent."""
        spent = (1 - value) / (1 - limit) if self.at_least else value / limit
        return 1 - spent


OBJECTIVES = (
    Objective(
        "availability",
        "Availability",
        "Up",
        0.9995,
        'avg_over_time(up{job="JOB"}[WINDOW])',
        at_least=True,
        has_budget=True,
    ),
    Objective(
        "latency",
        "Latency, p95",
        "p95",
        0.3,
        "histogram_quantile(0.95, sum by (le) "
        '(rate(http_request_duration_seconds_bucket{job="JOB"}[WINDOW])))',
        at_least=False,
        is_time=True,
    ),
    Objective(
        "error_rate",
        "Error rate",
        "Errors",
        0.001,
        'sum(rate(http_requests_total{job="JOB",status=~"5.."}[WINDOW])) / '
        'sum(rate(http_requests_total{job="JOB"}[WINDOW]))',
        at_least=False,
        has_budget=True,
    ),
    Objective(
        "success_rate",
        "Success rate",
        "Success",
        0.999,
        'sum(rate(http_requests_total{job="JOB",status!~"5.."}[WINDOW])) / '
        'sum(rate(http_requests_total{job="JOB"}[WINDOW]))',
        at_least=True,
        has_budget=True,
    ),
)
