"""FACTS 5: Prometheus answers the four signals, from what is live."""

import time
from typing import Any

import pytest

from .conftest import Registered
from .running import Running, eventually

P95 = (
    "histogram_quantile(0.95, sum by (le) "
    '(rate(http_request_duration_seconds_bucket{job="%s"}[%s])))'
)
ERRORS = (
    'sum(rate(http_requests_total{job="%s",status=~"5.."}[%s]))'
    ' / sum(rate(http_requests_total{job="%s"}[%s]))'
)


def query(sandbox: Running, text: str, **more: str) -> Any:
    return sandbox.ask("GET", "/prometheus/api/v1/query", params={"query": text, **more})


def errors(project: Registered, window: str = "1m") -> float:
    value = project.value(ERRORS % (project.name, window, project.name, window))
    assert value is not None
    return value


def p95(project: Registered, window: str = "1m") -> float:
    value = project.value(P95 % (project.name, window))
    assert value is not None
    return value


def test_5_values_are_strings_in_a_vector(shown: Registered) -> None:
    body = query(shown.sandbox, 'up{job="shown"}').body
    assert body["status"] == "success"
    assert body["data"]["resultType"] == "vector"
    one = body["data"]["result"][0]
    assert one["metric"] == {"__name__": "up", "job": "shown", "instance": "shown-1:9100"}
    assert one["value"][1] == "1.0"
    assert abs(one["value"][0] - time.time()) < 5


def test_5_a_normal_production_keeps_its_objectives(shown: Registered) -> None:
    for window in ("5m", "1h", "30d"):
        assert 0 < errors(shown, window) < 0.001
        assert 0.1 < p95(shown, window) < 0.3
        up = shown.value(f'avg_over_time(up{{job="shown"}}[{window}])')
        assert up is not None
        assert 0.9995 < up <= 1
    success = ERRORS.replace("=~", "!~") % ("shown", "5m", "shown", "5m")
    assert shown.value(success) == pytest.approx(1 - errors(shown, "5m"), abs=1e-5)


def test_5_the_same_moment_has_the_same_value(shown: Registered) -> None:
    text = P95 % ("shown", "5m")
    first, second = (query(shown.sandbox, text, time="1795000000").text for _ in range(2))
    assert first == second


def test_5_a_time_may_be_written_either_way(shown: Registered) -> None:
    text = 'sum(rate(http_requests_total{job="shown"}[5m]))'
    seconds = query(shown.sandbox, text, time="1795000000").text
    assert query(shown.sandbox, text, time="2026-11-18T11:06:40Z").text == seconds


def test_5_arithmetic_around_a_signal(shown: Registered) -> None:
    text = ERRORS % ("shown", "5m", "shown", "5m")
    at = {"time": "1795000000"}

    def value(wrapped: str) -> float:
        return float(query(shown.sandbox, wrapped, **at).body["data"]["result"][0]["value"][1])

    assert value(f"1 - ({text})") == pytest.approx(1 - value(text))
    assert value(f"100 * ({text})") == pytest.approx(100 * value(text))
    assert value(f"({text}) * 100") == pytest.approx(100 * value(text))


def test_5_a_long_query_may_be_posted(shown: Registered) -> None:
    path = "/prometheus/api/v1/query"
    answer = shown.sandbox.ask("POST", path, data={"query": 'up{job="shown"}'})
    assert answer.body["data"]["result"][0]["value"][1] == "1.0"


def test_5_nothing_known_is_an_empty_vector(sandbox: Running) -> None:
    body = query(sandbox, 'up{job="nobody"}').body
    assert body == {"status": "success", "data": {"resultType": "vector", "result": []}}


@pytest.mark.parametrize(
    ("parameters", "status", "kind"),
    [
        ({}, 400, "bad_data"),
        ({"query": " "}, 400, "bad_data"),
        ({"query": 'up{job="shown"}', "time": "noon"}, 400, "bad_data"),
        ({"query": "vector(1)"}, 422, "execution"),
        ({"query": "((" * 400}, 422, "execution"),
    ],
)
def test_5_errors_name_their_type(
    shown: Registered, parameters: dict[str, str], status: int, kind: str
) -> None:
    answer = shown.sandbox.ask("GET", "/prometheus/api/v1/query", params=parameters)
    assert (answer.status, answer.body["status"], answer.body["errorType"]) == (
        status,
        "error",
        kind,
    )


def test_5_a_range_is_a_matrix_with_a_value_a_step(shown: Registered) -> None:
    asked = {
        "query": P95 % ("shown", "5m"),
        "start": "1795000000",
        "end": "1795000600",
        "step": "1m",
    }
    body = shown.sandbox.ask("GET", "/prometheus/api/v1/query_range", params=asked).body
    values = body["data"]["result"][0]["values"]
    assert body["data"]["resultType"] == "matrix"
    assert [at for at, _ in values] == [1795000000.0 + 60 * step for step in range(11)]


def test_5_a_range_ends_now(shown: Registered) -> None:
    now = int(time.time())
    asked = {
        "query": 'up{job="shown"}',
        "start": str(now - 60),
        "end": str(now + 600),
        "step": "10",
    }
    body = shown.sandbox.ask("GET", "/prometheus/api/v1/query_range", params=asked).body
    assert len(body["data"]["result"][0]["values"]) in (7, 8)


@pytest.mark.parametrize("change", [{"step": "0"}, {"step": "0.01"}, {"end": "1"}, {"start": ""}])
def test_5_a_range_that_cannot_be_is_bad_data(shown: Registered, change: dict[str, str]) -> None:
    asked = {"query": 'up{job="shown"}', "start": "1795000000", "end": "1795000600", "step": "1m"}
    answer = shown.sandbox.ask("GET", "/prometheus/api/v1/query_range", params=asked | change)
    assert (answer.status, answer.body["errorType"]) == (400, "bad_data")


def test_raising_the_error_rate_is_seen_within_seconds(project: Registered) -> None:
    assert errors(project) < 0.001
    project.act("conditions", kind="errors", on=True)
    eventually(lambda: errors(project, "10s") > 0.001)
    project.act("conditions", kind="errors", on=False)
    eventually(lambda: errors(project, "1s") < 0.001)


def test_slowing_production_down_is_seen_within_seconds(project: Registered) -> None:
    project.act("conditions", kind="slow", on=True)
    eventually(lambda: p95(project, "2s") > 0.3)
    project.act("normal")
    eventually(lambda: p95(project, "1s") < 0.3)


def test_production_can_be_down(project: Registered) -> None:
    project.act("conditions", kind="down", on=True)
    eventually(lambda: project.value(f'up{{job="{project.name}"}}') == 0)


def test_a_bad_commit_does_harm_where_it_is_live_only(project: Registered) -> None:
    landed = project.act("commits", subject="a bad idea", bad=True)
    project.ready(landed["deployment"])
    assert errors(project, "1s") < 0.001
    good = project.live()
    project.promote(landed["deployment"])
    project.job_ends()
    eventually(lambda: errors(project, "1s") > 0.01 and p95(project, "1s") > 0.3)
    project.rollback(good)
    project.job_ends()
    eventually(lambda: errors(project, "1s") < 0.001)


def test_a_proxy_before_prometheus_answers_in_text(sandbox: Running) -> None:
    sandbox.act("faults", provider="prometheus", kind="502", times=1)
    answer = query(sandbox, 'up{job="shown"}')
    assert (answer.status, answer.body) == (502, None)
    sandbox.act("faults", provider="prometheus", kind="503", times=1)
    assert query(sandbox, 'up{job="shown"}').body["errorType"] == "timeout"
