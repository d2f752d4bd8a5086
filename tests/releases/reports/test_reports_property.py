"""No body makes a reader fail in another way than by saying that it is unreadable."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.reports import KINDS, Reading, Unreadable, compare, read

from .test_junit import GOTESTSUM, PYTEST, SUREFIRE
from .test_performance import LIGHTHOUSE, NEW, OLD

WORDS = st.sampled_from(
    [
        "version", "runs", "results", "tool", "driver", "name", "metrics", "values", "thresholds",
        "assets", "outputs", "label", "parsedSize", "raw", "lighthouseVersion", "categories",
        "audits", "migrations", "state", "phase", "pages", "staticRoutes", "2.1.0", "applied",
    ]
)  # fmt: skip
LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | WORDS | st.text(max_size=8)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=5),
    max_leaves=25,
)
REAL = [*(each.encode() for each in (PYTEST, SUREFIRE, GOTESTSUM))]
REAL += [json.dumps(each).encode() for each in (LIGHTHOUSE, OLD, NEW)]
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def read_or_refuse(kind: str, body: bytes) -> Reading | None:
    """What was read; None where the reader said that it is unreadable."""
    try:
        return read(kind, body)
    except Unreadable:
        return None


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(tree=TREES)
def test_any_json_is_read_or_refused(kind: str, tree: Any) -> None:
    found = read_or_refuse(kind, json.dumps(tree).encode())
    if found:
        json.dumps([found.summary, found.figures], allow_nan=False)
        assert compare(kind, found, found)


@pytest.mark.parametrize("kind", KINDS)
@quick
@given(body=st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(kind: str, body: bytes) -> None:
    read_or_refuse(kind, body)


@quick
@given(data=st.data(), real=st.sampled_from(REAL))
def test_a_real_report_that_was_damaged_is_read_or_refused(
    data: st.DataObject, real: bytes
) -> None:
    start = data.draw(st.integers(0, len(real)))
    stop = data.draw(st.integers(start, min(len(real), start + 40)))
    damaged = real[:start] + data.draw(st.binary(max_size=12)) + real[stop:]
    for kind in ("tests", "performance"):
        read_or_refuse(kind, damaged)


@pytest.mark.parametrize(
    ("kind", "piece", "frame"),
    [
        (
            "tests",
            b'<testcase name="a"><failure>x</failure></testcase>',
            b"<testsuite>%s</testsuite>",
        ),
        ("tests", b"<x/>", b"<testsuite>%s</testsuite>"),
        ("bundle", b'{"label": "a", "statSize": 1}, ', b'[%s{"label": "b", "statSize": 1}]'),
    ],
)
def test_reading_keeps_little_of_a_long_report(kind: str, piece: bytes, frame: bytes) -> None:
    found = read(kind, frame % (piece * 20_000))
    assert len(json.dumps(dict(found.summary))) < 10_000


def test_text_that_the_database_refuses_is_replaced() -> None:
    found = read("bundle", b'{"a\\u0000\\ud800": 3}')
    assert "\x00" not in json.dumps(dict(found.summary), ensure_ascii=False)
    json.dumps(dict(found.summary), ensure_ascii=False).encode()
