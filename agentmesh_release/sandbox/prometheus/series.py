"""Production's behaviour as a function of time: deterministic, and moved only by what is live.

Normal: 40 requests a second, 0.02 % of them fail, p95 about 180 ms. A live commit marked bad and
the control page's conditions add to it from the second they begin.
"""

import hashlib
import math
from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass

from ..project import Project
from ..sandbox import Sandbox
from .expressions import Expression

SAMPLES = 240
EDGES = (
    0.005,
    0.01,
    0.025,
    0.05,
    0.075,
    0.1,
    0.125,
    0.15,
    0.175,
    0.2,
    0.225,
    0.25,
    0.275,
    0.3,
    0.35,
    0.4,
    0.5,
    0.6,
    0.75,
    1.0,
    1.25,
    1.5,
    2.0,
    3.0,
    5.0,
    10.0,
)
SIGMA = 0.5
P95_SIGMAS = 1.645


@dataclass(frozen=True)
class Moment:
    """One second of production: requests, share of errors, p95 in seconds, share of time up."""

    rate: float
    errors: float
    p95: float
    up: float


class Series:
    """One project's production; reads the facts once and answers any number of moments."""

    def __init__(self, sandbox: Sandbox, project: Project) -> None:
        store = sandbox.store
        served = store.rows(
            "select sha, at from traffic where project = ? order by at, id", project.name
        )
        self._since = [row["at"] / 1000 for row in served]
        self._shas = [row["sha"] for row in served]
        self._bad = {
            row["sha"]
            for row in store.rows("select sha from bad_commits where project = ?", project.name)
        }
        self._conditions = [
            (row["kind"], row["started_at"] / 1000, (row["ended_at"] or math.inf) / 1000)
            for row in store.rows("select * from conditions where project = ?", project.name)
        ]
        digest = hashlib.sha256(project.name.encode()).digest()
        self._phase = digest[0] / 255 * math.tau

    @property
    def has_data(self) -> bool:
        """Whether anything ever was live: before that there is nothing to measure."""
        return bool(self._since)

    def at(self, second: float) -> Moment:
        """Production at one moment (seconds since the epoch)."""
        wave = math.sin(second / 577 + self._phase) + math.sin(second / 97 + 2 * self._phase) / 2
        day = math.sin(second / 86_400 * math.tau + self._phase)
        is_bad = self._is_bad(second)
        active = {kind for kind, start, end in self._conditions if start <= second < end}
        extra = 0.04 * is_bad + 0.04 * ("errors" in active)
        slower = 5.0 if "slow" in active else (2.6 if is_bad else 1.0)
        if "down" in active:
            return Moment(40 * (1 + 0.3 * day), 1.0, 2.5, 0.0)
        return Moment(
            rate=40 * (1 + 0.3 * day),
            errors=0.0002 * (1 + 0.3 * wave) + extra,
            p95=0.18 * (1 + 0.06 * wave) * slower,
            up=1 - 0.00003 * (1 + 0.3 * wave) - 0.02 * extra,
        )

    def _is_bad(self, second: float) -> bool:
        position = bisect_right(self._since, second) - 1
        return position >= 0 and self._shas[position] in self._bad

    def value(self, expression: Expression, at: float, samples: int = SAMPLES) -> float:
        """The expression's value at a moment: the window behind it, weighted by traffic."""
        count = max(1, min(samples, round(expression.window_s)))
        step = expression.window_s / count
        moments = [self.at(at - step * (index + 0.5)) for index in range(count)]
        if expression.kind == "up":
            signal = float(self.at(at).up > 0)
        else:
            signal = _signal(expression, moments)
        return expression.add + expression.times * signal


def _signal(expression: Expression, moments: list[Moment]) -> float:
    total = sum(one.rate for one in moments)
    match expression.kind:
        case "availability":
            return sum(one.up for one in moments) / len(moments)
        case "traffic":
            return total / len(moments)
        case "quantile":
            return _quantile(expression.quantile, moments)
        case kind:
            errors = sum(one.errors * one.rate for one in moments) / total
            return errors if kind == "errors" else 1 - errors


def _quantile(wanted: float, moments: list[Moment]) -> float:
    """As Prometheus does it: counts in buckets, linear inside the one that holds the rank."""
    weights: Counter[float] = Counter()
    for one in moments:
        weights[round(one.p95, 2)] += round(one.rate * 1000)
    total = sum(weights.values())
    if not 0 <= wanted <= 1:
        return math.inf if wanted > 1 else -math.inf
    lower, below = 0.0, 0.0
    for edge in EDGES:
        count = sum(weight * _share(p95, edge) for p95, weight in weights.items())
        if count >= wanted * total:
            inside = (wanted * total - below) / (count - below) if count > below else 0.0
            return lower + (edge - lower) * inside
        lower, below = edge, count
    return EDGES[-1]


def _share(p95: float, edge: float) -> float:
    """The share of requests faster than `edge`, when their times are log-normal with that p95."""
    distance = (math.log(edge) - math.log(p95)) / SIGMA + P95_SIGMAS
    return 0.5 * (1 + math.erf(distance / math.sqrt(2)))
