"""Prometheus: numbers, and every way in which there is no number.

No data is never healthy: an empty result, NaN, an infinity, several series where one was meant,
each is a `NoData` with its reason, and `partial` marks answers that came with warnings.
https://prometheus.io/docs/prometheus/latest/querying/api/
"""

from __future__ import annotations

import base64
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agentmesh_release.providers.addresses import AddressGuard
from agentmesh_release.providers.answers import Refusal, Vendor
from agentmesh_release.providers.asks import Ask, Param
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, at_epoch, many
from agentmesh_release.providers.http import Http, Timeouts

MOST_POINTS = 11_000  # Prometheus refuses more per series
LONGEST_URL_QUERY = 1_500  # longer ones go as a POST form, which is still a read

Why = Literal["empty", "nan", "infinite", "many", "histogram", "text"]


@dataclass(frozen=True)
class Sample:
    """A finite number, when it was true, and of which series."""

    value: float
    at: datetime
    labels: Mapping[str, str]
    partial: bool = False


@dataclass(frozen=True)
class NoData:
    """There is no number, and why, as a word and as a sentence."""

    why: Why
    sentence: str
    labels: Mapping[str, str]
    at: datetime | None = None
    partial: bool = False


@dataclass(frozen=True)
class Vector:
    """One reading per series at one moment; empty when nothing matched."""

    samples: tuple[Sample | NoData, ...]
    partial: bool
    warnings: tuple[str, ...]


@dataclass(frozen=True)
class Series:
    """One series over time; points that hold no number say so in their place."""

    labels: Mapping[str, str]
    points: tuple[Sample | NoData, ...]


@dataclass(frozen=True)
class Matrix:
    """The series of a range query; empty when nothing matched."""

    series: tuple[Series, ...]
    partial: bool
    warnings: tuple[str, ...]


def _explain(refusal: Refusal) -> str:
    """400 bad parameters, 422 cannot be executed, 503 timed out or aborted; other statuses come
    from a proxy in front."""
    if refusal.status in {401, 403}:
        return "the credentials were not accepted"
    return refusal.said


class Prometheus:
    """Prometheus's query API. Thread-safe; raises ProviderError only.

    In: the base URL (with a path prefix if there is one), and for a proxy in front a bearer token
    or a (user, password) pair; `guard` decides which addresses may be reached.
    """

    def __init__(
        self,
        base_url: str,
        bearer: str | None = None,
        *,
        basic: tuple[str, str] | None = None,
        timeouts: Timeouts | None = None,
        ca_file: str | None = None,
        guard: AddressGuard | None = None,
    ) -> None:
        headers = {"Accept": "application/json", "User-Agent": "AgentMesh-Release"}
        secret = (bearer or "").strip()  # files end with a line break
        if secret:
            headers["Authorization"] = f"Bearer {secret}"
        elif basic is not None:
            secret = base64.b64encode(":".join(basic).encode()).decode()
            headers["Authorization"] = f"Basic {secret}"
        self._http = Http(
            Vendor("Prometheus", _explain),
            base_url,
            headers=headers,
            secret=secret,
            timeouts=timeouts,
            ca_file=ca_file,
            guard=guard,
        )

    def __repr__(self) -> str:
        return f"<Prometheus {self._http.base_url}>"

    def value(self, query: str, at: datetime | None = None) -> Sample | NoData:
        """The one number that a query is meant to give, or why there is none."""
        vector = self.query(query, at)
        if not vector.samples:
            return NoData("empty", "Prometheus has no data for this.", {}, partial=vector.partial)
        if len(vector.samples) > 1:
            said = f"Prometheus gave {len(vector.samples)} series where one was meant."
            return NoData("many", said, {}, partial=vector.partial)
        return vector.samples[0]

    def query(self, query: str, at: datetime | None = None) -> Vector:
        """Evaluate at one moment (now when `at` is None): /api/v1/query."""
        result = self._ask("/api/v1/query", query=query, time=_seconds(at))
        data = result.part("data")
        kind, partial = data.text("resultType"), _is_partial(result)
        if kind in {"scalar", "string"}:
            samples: tuple[Sample | NoData, ...] = (_reading({}, data.data.get("result"), partial),)
        elif kind == "vector":
            items = many(data.data.get("result"), "Prometheus's result")
            samples = tuple(_instant(item, partial) for item in items)
        else:
            raise ProviderError(
                f"The query gives a {kind} where one value per series was meant.", permanent=True
            )
        return Vector(samples, partial, result.texts("warnings"))

    def query_range(self, query: str, start: datetime, end: datetime, step_s: float) -> Matrix:
        """Evaluate every `step_s` seconds from `start` to `end`: /api/v1/query_range."""
        if step_s <= 0 or (end - start).total_seconds() / step_s > MOST_POINTS:
            raise ProviderError(
                f"A range may hold at most {MOST_POINTS:,} points: take a longer step.",
                permanent=True,
            )
        result = self._ask(
            "/api/v1/query_range",
            query=query,
            start=_seconds(start),
            end=_seconds(end),
            step=step_s,
        )
        partial = _is_partial(result)
        items = many(result.part("data").data.get("result"), "Prometheus's result")
        series = tuple(_series(item, partial) for item in items)
        return Matrix(series, partial, result.texts("warnings"))

    def _ask(self, path: str, *, query: str, **params: Param) -> Fields:
        """A long query goes as a form, so that no proxy cuts the URL; both are reads."""
        asked: dict[str, Param] = {"query": query, **params}
        if len(query) > LONGEST_URL_QUERY:
            ask = Ask("POST", path, form=asked, repeatable=True)
        else:
            ask = Ask("GET", path, asked)
        result = Fields.of(self._http.ask(ask).data, "Prometheus's answer")
        if result.text("status") != "success":
            raise ProviderError(
                f"Prometheus could not answer: {result.maybe_text('error') or 'no reason given'}."
            )
        return result


def _is_partial(result: Fields) -> bool:
    """Warnings mean that some data could not be had."""
    return bool(result.data.get("warnings"))


def _seconds(moment: datetime | None) -> float | None:
    return None if moment is None else moment.timestamp()


def _labels(item: Fields) -> dict[str, str]:
    return {k: v for k, v in item.part("metric").data.items() if isinstance(v, str)}


def _instant(item: Fields, partial: bool) -> Sample | NoData:
    labels = _labels(item)
    if "value" not in item.data:
        return NoData("histogram", "A histogram came, not a number.", labels, partial=partial)
    return _reading(labels, item.data["value"], partial)


def _series(item: Fields, partial: bool) -> Series:
    labels, values = _labels(item), item.data.get("values", [])
    if not isinstance(values, list):
        raise ProviderError("Prometheus's series is not the list it should be.")
    return Series(labels, tuple(_reading(labels, value, partial) for value in values))


def _reading(labels: Mapping[str, str], pair: object, partial: bool) -> Sample | NoData:
    """[seconds, "text"], where the text is a number, NaN, +Inf or -Inf."""
    if not isinstance(pair, list) or len(pair) != 2 or not isinstance(pair[0], (int, float)):
        raise ProviderError("Prometheus's value is not the pair it should be.")
    at = at_epoch(pair[0])
    if at is None:
        raise ProviderError("Prometheus's value has an impossible time.")
    try:
        value = float(pair[1])
    except (TypeError, ValueError):
        return NoData("text", "A text came, not a number.", labels, at, partial)
    if math.isnan(value):
        said = "The value is not a number, often because there was nothing to divide by."
        return NoData("nan", said, labels, at, partial)
    if math.isinf(value):
        return NoData("infinite", "The value is infinite.", labels, at, partial)
    return Sample(value, at, labels, partial)
