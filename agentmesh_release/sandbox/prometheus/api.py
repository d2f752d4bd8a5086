"""Prometheus's HTTP API: instant and range queries, GET and POST."""

import math
from collections.abc import Mapping
from datetime import datetime

from .. import clock, project
from ..routing import Call, Routes
from ..sandbox import Sandbox
from ..wire import BadBody, Json, Request, Response, as_json, as_text
from .expressions import Expression, NotUnderstood, parse, seconds
from .series import Series

routes = Routes("/prometheus")
MOST_POINTS = 11_000
METRIC = {"up": {"__name__": "up"}}


class BadData(Exception):
    """A parameter is missing or cannot be read."""


def _error(status: int, kind: str, text: str) -> Response:
    return as_json({"status": "error", "errorType": kind, "error": text}, status)


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """What stands before Prometheus says no in its own way: text, not JSON (FACTS 5)."""
    if status == 503:
        return _error(503, "timeout", "query timed out in expression evaluation")
    text = as_text(f"{status} from the proxy\n", status)
    return Response(text.status, text.body, text.content_type, headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /prometheus."""
    found = routes.find(request)
    if found is None:
        return as_text("404 page not found\n", 404)
    handler, params = found
    try:
        return handler(Call(sandbox, request, params))
    except (BadData, BadBody) as error:
        return _error(400, "bad_data", str(error))
    except NotUnderstood as error:
        return _error(422, "execution", str(error))


def _parameters(call: Call) -> dict[str, str]:
    query = {name: values[0] for name, values in call.request.query.items()}
    return query | (call.request.form() if call.request.method == "POST" else {})


def _expression(parameters: Mapping[str, str]) -> Expression:
    query = parameters.get("query", "")
    if not query.strip():
        raise BadData(
            'invalid parameter "query": unknown position: parse error: no expression found'
        )
    return parse(query)


def _moment(parameters: Mapping[str, str], name: str) -> float:
    text = parameters.get(name, "")
    try:
        value = float(text)
    except ValueError:
        try:
            value = datetime.fromisoformat(text).timestamp()
        except ValueError:
            raise BadData(f'invalid parameter "{name}": cannot parse "{text}"') from None
    if not math.isfinite(value):
        raise BadData(f'invalid parameter "{name}": cannot parse "{text}"')
    return value


def _series(call: Call, expression: Expression) -> Series | None:
    owner = project.named(call.sandbox, expression.job)
    series = Series(call.sandbox, owner) if owner else None
    return series if series and series.has_data else None


def _metric(expression: Expression) -> Json:
    """Aggregations drop the labels; a plain selector keeps them."""
    if expression.kind not in ("up", "availability"):
        return {}
    labels = {"job": expression.job, "instance": f"{expression.job}-1:9100"}
    return METRIC.get(expression.kind, {}) | labels


def _number(value: float) -> str:
    return repr(value) if math.isfinite(value) else {1: "+Inf", -1: "-Inf"}[1 if value > 0 else -1]


def _data(kind: str, result: list[Json]) -> Response:
    return as_json({"status": "success", "data": {"resultType": kind, "result": result}})


@routes.get("/api/v1/query")
@routes.post("/api/v1/query")
def query(call: Call) -> Response:
    """The value at one moment: an element for a known job, none for an unknown one."""
    parameters = _parameters(call)
    expression = _expression(parameters)
    now = clock.now_ms() / 1000
    at = _moment(parameters, "time") if parameters.get("time") else now
    series = _series(call, expression)
    if series is None:
        return _data("vector", [])
    value = [round(at, 3), _number(series.value(expression, at))]
    return _data("vector", [{"metric": _metric(expression), "value": value}])


@routes.get("/api/v1/query_range")
@routes.post("/api/v1/query_range")
def query_range(call: Call) -> Response:
    """The values from `start` to `end`, one each `step`."""
    parameters = _parameters(call)
    expression = _expression(parameters)
    start, end = _moment(parameters, "start"), _moment(parameters, "end")
    step = seconds(parameters.get("step", "")) or _moment(parameters, "step")
    if step <= 0:
        raise BadData('invalid parameter "step": zero or negative query resolution step widths')
    if end < start:
        raise BadData('invalid parameter "end": end timestamp must not be before start time')
    points = int((end - start) / step) + 1
    if points > MOST_POINTS:
        raise BadData("exceeded maximum resolution of 11,000 points per timeseries")
    series = _series(call, expression)
    if series is None:
        return _data("matrix", [])
    now = clock.now_ms() / 1000
    samples = max(10, min(60, 6_000 // points))
    moments = [at for at in (start + step * index for index in range(points)) if at <= now]
    values = [[round(at, 3), _number(series.value(expression, at, samples))] for at in moments]
    result = [{"metric": _metric(expression), "values": values}] if values else []
    return _data("matrix", result)
