"""Lighthouse's JSON, and k6's summaries old and new."""

import json
from typing import Any

import pytest

from releases.reports import Reading, Unreadable, read


def read_json(report: Any) -> Reading:
    return read("performance", json.dumps(report).encode())


LIGHTHOUSE: dict[str, Any] = {
    "lighthouseVersion": "12.6.0",
    "finalDisplayedUrl": "https://preview.example.com/",
    "categories": {"performance": {"score": 0.91}, "accessibility": {"score": 1}},
    "audits": {
        "largest-contentful-paint": {"numericValue": 1832.46, "numericUnit": "millisecond"},
        "cumulative-layout-shift": {"numericValue": 0.0213, "numericUnit": "unitless"},
    },
}
OLD = {
    "metrics": {
        "http_req_duration": {"avg": 90.1, "p(95)": 182.351, "thresholds": {"p(95)<500": False}},
        "http_req_failed": {"passes": 2, "fails": 998, "value": 0.002},
        "http_reqs": {"count": 1000, "rate": 33.3},
    }
}
NEW = {
    "root_group": {"name": ""},
    "metrics": {
        "http_req_duration": {
            "type": "trend",
            "contains": "time",
            "values": {"avg": 90.1, "p(95)": 182.351},
            "thresholds": {"p(95)<500": {"ok": True}},
        },
        "http_req_failed": {"type": "rate", "values": {"rate": 0.002, "passes": 2}},
        "http_reqs": {"type": "counter", "values": {"count": 1000, "rate": 33.3}},
    },
}


def test_lighthouse_gives_points_and_times() -> None:
    found = read_json(LIGHTHOUSE)
    assert found.figures == {"score": 91, "accessibility": 100, "lcp_ms": 1832.5, "cls": 0.021}
    assert found.summary["page"] == "https://preview.example.com/"


def test_a_score_that_is_null_was_not_measured() -> None:
    found = read_json({**LIGHTHOUSE, "categories": {"performance": {"score": None}}})
    assert "score" not in found.figures
    assert found.problems == ("Lighthouse gives no performance score.",)


def test_a_page_that_did_not_load_is_no_measurement() -> None:
    with pytest.raises(Unreadable, match="could not measure the page: NO_FCP"):
        read_json({**LIGHTHOUSE, "runtimeError": {"code": "X", "message": "NO_FCP"}})


@pytest.mark.parametrize("report", [OLD, NEW])
def test_both_summaries_of_k6_say_the_same(report: Any) -> None:
    assert read_json(report).figures == {
        "p95_ms": 182.35,
        "error_rate": 0.2,
        "requests_per_s": 33.3,
        "thresholds_failed": 0,
    }


def test_true_means_crossed_in_the_old_summary_and_held_in_the_new() -> None:
    old = json.loads(json.dumps(OLD).replace("false", "true"))
    new = json.loads(json.dumps(NEW).replace("true", "false"))
    for report in (old, new):
        found = read_json(report)
        assert found.figures["thresholds_failed"] == 1
        assert found.summary["missed"] == ["http_req_duration: p(95)<500"]


def test_a_summary_without_p95_says_so() -> None:
    found = read_json({"metrics": {"http_reqs": {"rate": 1.5}}})
    assert found.problems


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({}, "neither Lighthouse"),
        ([], "not an object"),
        ({"metrics": {}}, "neither HTTP requests nor thresholds"),
        ({"metrics": {"a": {"thresholds": {"x": "y"}}}}, "neither yes nor no"),
        ({"lighthouseVersion": "12"}, "is not an object|neither a score"),
    ],
)
def test_other_documents_are_refused(report: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_json(report)
