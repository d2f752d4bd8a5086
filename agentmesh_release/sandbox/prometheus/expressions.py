"""The PromQL that the sandbox understands. Everything else is refused, never guessed.

J is the project's name, W a duration (`30s`, `5m`, `1h30m`, `30d`), Q a number from 0 to 1; spaces
do not matter; `code` may stand for `status`; ALL is the third line:

    up{job="J"}
    avg_over_time(up{job="J"}[W])
    sum(rate(http_requests_total{job="J"}[W]))
    sum(rate(http_requests_total{job="J",status=~"5.."}[W])) / ALL
    sum(rate(http_requests_total{job="J",status!~"5.."}[W])) / ALL
    histogram_quantile(Q, sum by (le) (rate(http_request_duration_seconds_bucket{job="J"}[W])))

and, around each of them: `(X)`, `avg(X)`, `1 - X`, `100 * X`, `X * 100`.
"""

import re
from dataclasses import dataclass, replace

UNITS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
JOB = r'job="(?P<job>[^"]*)"'
WINDOW = r"\[(?P<window>(?:\d+(?:ms|[smhdwy]))+)\]"
PART = rf"sum\(rate\(http_requests_total\{{{JOB},(?:status|code)"
TOTAL = r'sum\(rate\(http_requests_total\{job="(?P=job)"\}\[(?P=window)\]\)\)'
BUCKETS = rf"rate\(http_request_duration_seconds_bucket\{{{JOB}\}}{WINDOW}\)"
PATTERNS = {
    "up": rf"up\{{{JOB}\}}",
    "availability": rf"avg_over_time\(up\{{{JOB}\}}{WINDOW}\)",
    "traffic": rf"sum\(rate\(http_requests_total\{{{JOB}\}}{WINDOW}\)\)",
    "errors": rf'{PART}=~"5\.\."\}}{WINDOW}\)\)/{TOTAL}',
    "success": rf'{PART}!~"5\.\."\}}{WINDOW}\)\)/{TOTAL}',
    "quantile": rf"histogram_quantile\((?P<q>[0-9.]+),sum(?:by\(le\)\({BUCKETS}\))\)",
    "quantile_after": rf"histogram_quantile\((?P<q>[0-9.]+),sum\({BUCKETS}\)by\(le\)\)",
}
COMPILED = {kind: re.compile(pattern) for kind, pattern in PATTERNS.items()}


class NotUnderstood(Exception):
    """The query is none of those above."""


@dataclass(frozen=True)
class Expression:
    """One signal of one job over a window; the value shown is `add + times * signal`."""

    kind: str
    job: str
    window_s: float
    quantile: float = 0.0
    times: float = 1.0
    add: float = 0.0


def parse(query: str) -> Expression:
    """The expression of a query. Raises NotUnderstood."""
    return _parse(re.sub(r"\s+", "", query))


def _parse(text: str) -> Expression:
    for kind, pattern in COMPILED.items():
        found = pattern.fullmatch(text)
        if found is not None:
            groups = found.groupdict()
            return Expression(
                kind.removesuffix("_after"),
                groups["job"],
                seconds(groups.get("window") or "1s"),
                _quantile(groups.get("q")),
            )
    return _around(text)


def _around(text: str) -> Expression:
    if text.startswith("1-"):
        inner = _parse(text[2:])
        return replace(inner, times=-inner.times, add=1 - inner.add)
    if text.startswith("100*"):
        return _scaled(_parse(text[4:]))
    if text.endswith("*100"):
        return _scaled(_parse(text[:-4]))
    for start in ("(", "avg("):
        if text.startswith(start) and text.endswith(")"):
            return _parse(text[len(start) : -1])
    raise NotUnderstood("this expression is not one of those that the sandbox answers")


def _scaled(inner: Expression) -> Expression:
    return replace(inner, times=inner.times * 100, add=inner.add * 100)


def _quantile(text: str | None) -> float:
    try:
        return float(text or 0)
    except ValueError as error:
        raise NotUnderstood("the quantile is not a number") from error


def seconds(duration: str) -> float:
    """`1h30m` in seconds."""
    parts = re.findall(r"(\d+)(ms|[smhdwy])", duration)
    return float(sum(int(number) * UNITS[unit] for number, unit in parts))
