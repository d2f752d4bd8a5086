"""Prometheus: a number, or the reason why there is none."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.prometheus import NoData, Prometheus, Sample
from tests.providers.conftest import QUICK, TOKEN
from tests.providers.stub import Stub, Talk, reply

AT = 1_766_400_000
WHEN = datetime.fromtimestamp(AT, UTC)


@pytest.fixture
def prometheus(stub: Stub) -> Prometheus:
    return Prometheus(stub.url, TOKEN, timeouts=QUICK)


def vector(*values: object, **more: object) -> Talk:
    result = [{"metric": {"job": f"api{n}"}, "value": [AT, v]} for n, v in enumerate(values)]
    data = {"resultType": "vector", "result": result}
    return reply({"status": "success", "data": data, **more})


def test_a_number_comes_with_its_time_and_labels(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(vector("0.0123"))
    assert prometheus.value("errors") == Sample(0.0123, WHEN, {"job": "api0"})
    assert stub.seen[0].headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize(
    ("text", "why"),
    [("NaN", "nan"), ("+Inf", "infinite"), ("-Inf", "infinite"), ("ok", "text"), ("", "text"),
     (None, "text"), ([], "text")],
)  # fmt: skip
def test_what_is_not_a_finite_number_is_no_data(
    stub: Stub, prometheus: Prometheus, text: object, why: str
) -> None:
    stub.say(vector(text))
    found = prometheus.value("errors")
    assert isinstance(found, NoData)
    assert found.why == why


def test_an_empty_result_is_no_data(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(vector())
    found = prometheus.value("errors")
    assert isinstance(found, NoData)
    assert (found.why, found.partial) == ("empty", False)


def test_several_series_are_not_one_number(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(vector("1", "2"), vector("1", "2"))
    found = prometheus.value("errors")
    assert isinstance(found, NoData)
    assert found.why == "many"
    assert len(prometheus.query("errors").samples) == 2


def test_a_histogram_is_no_number(stub: Stub, prometheus: Prometheus) -> None:
    item = {"metric": {}, "histogram": [AT, {"count": "1"}]}
    stub.say(reply({"status": "success", "data": {"resultType": "vector", "result": [item]}}))
    found = prometheus.value("errors")
    assert isinstance(found, NoData)
    assert found.why == "histogram"


def test_a_scalar_is_a_number(stub: Stub, prometheus: Prometheus) -> None:
    data = {"resultType": "scalar", "result": [AT, "3"]}
    stub.say(reply({"status": "success", "data": data}))
    assert prometheus.value("3") == Sample(3, WHEN, {})


@pytest.mark.parametrize("value", ["1", "NaN"])
def test_warnings_make_every_answer_partial(stub: Stub, prometheus: Prometheus, value: str) -> None:
    stub.say(*[vector(value, warnings=["one store did not answer"])] * 2)
    assert prometheus.value("errors").partial
    assert prometheus.query("errors").warnings == ("one store did not answer",)


def test_an_empty_result_with_warnings_is_partial_too(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(vector(warnings=["x"]))
    assert prometheus.value("errors").partial


def test_infos_are_not_warnings(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(vector("1", infos=["metric might not be a counter"], warnings=[]))
    assert not prometheus.value("errors").partial


@pytest.mark.parametrize(
    ("status", "permanent"), [(400, True), (401, True), (422, True), (503, False)]
)
def test_an_error_says_what_prometheus_said(
    stub: Stub, prometheus: Prometheus, status: int, permanent: bool
) -> None:
    body = {"status": "error", "errorType": "x", "error": "parse error at 1:5"}
    stub.say(*[reply(body, status)] * 3)
    with pytest.raises(ProviderError) as caught:
        prometheus.value("errors")
    assert caught.value.permanent is permanent
    assert ("parse error at 1:5" in str(caught.value)) is (status != 401)


def test_an_error_inside_a_200_is_an_error(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(reply({"status": "error", "error": "query timed out"}))
    with pytest.raises(ProviderError, match="query timed out"):
        prometheus.value("errors")


def test_a_proxys_error_page_is_an_error(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(*[reply(body=b"<html>Bad gateway</html>", status=502, content_type="text/html")] * 3)
    with pytest.raises(ProviderError, match="answered 502"):
        prometheus.value("errors")


def test_a_long_query_goes_as_a_form(stub: Stub, prometheus: Prometheus) -> None:
    query = "up + " * 400 + "up"
    stub.say(vector("1"))
    prometheus.value(query, WHEN)
    assert (stub.seen[0].method, stub.seen[0].query) == ("POST", {})
    assert stub.seen[0].form == {"query": query, "time": "1766400000.0"}
    assert stub.seen[0].headers["content-type"] == "application/x-www-form-urlencoded"


def test_a_range_keeps_its_gaps(stub: Stub, prometheus: Prometheus) -> None:
    values = [[AT, "0.01"], [AT + 15, "NaN"], [AT + 30, "+Inf"]]
    data = {"resultType": "matrix", "result": [{"metric": {"job": "api"}, "values": values}]}
    stub.say(reply({"status": "success", "data": data}))
    matrix = prometheus.query_range("errors", WHEN, WHEN + timedelta(seconds=30), 15)
    (series,) = matrix.series
    assert series.labels == {"job": "api"}
    assert [type(point) for point in series.points] == [Sample, NoData, NoData]
    assert stub.seen[0].query["step"] == "15"


def test_a_range_without_series_is_empty(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(reply({"status": "success", "data": {"resultType": "matrix", "result": []}}))
    assert prometheus.query_range("x", WHEN, WHEN + timedelta(hours=1), 60).series == ()


@pytest.mark.parametrize("step_s", [0, -1, 0.001])
def test_a_range_of_too_many_points_is_not_asked(
    stub: Stub, prometheus: Prometheus, step_s: float
) -> None:
    with pytest.raises(ProviderError, match="at most 11,000 points"):
        prometheus.query_range("x", WHEN, WHEN + timedelta(hours=1), step_s)
    assert stub.seen == []


def test_a_range_vector_is_not_a_moment(stub: Stub, prometheus: Prometheus) -> None:
    stub.say(reply({"status": "success", "data": {"resultType": "matrix", "result": []}}))
    with pytest.raises(ProviderError, match="gives a matrix"):
        prometheus.query("up[5m]")


@pytest.mark.parametrize(
    "answer",
    [[], {}, {"status": "success"}, {"status": "success", "data": {"resultType": "vector"}},
     {"status": "success", "data": {"resultType": "scalar", "result": [1]}},
     {"status": "success", "data": {"resultType": "scalar", "result": [1e300, "1"]}}],
)  # fmt: skip
def test_an_answer_of_another_shape_is_an_error(
    stub: Stub, prometheus: Prometheus, answer: object
) -> None:
    stub.say(reply(answer))
    with pytest.raises(ProviderError):
        prometheus.value("errors")


def test_a_user_and_a_password_are_sent_as_basic(stub: Stub) -> None:
    stub.say(vector("1"))
    Prometheus(stub.url, basic=("robo", "hunter2"), timeouts=QUICK).value("up")
    assert stub.seen[0].headers["authorization"] == "Basic cm9ibzpodW50ZXIy"


def test_a_prefix_in_the_address_is_kept(stub: Stub) -> None:
    stub.route("/prom/api/v1/query", vector("1"))
    assert isinstance(Prometheus(f"{stub.url}/prom/", timeouts=QUICK).value("up"), Sample)
