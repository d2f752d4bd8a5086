"""Bundles, builds and migrations: each shape that tools write, and what is none."""

import json
from typing import Any

import pytest

from releases.reports import Reading, Unreadable, read


def read_json(kind: str, report: Any) -> Reading:
    return read(kind, json.dumps(report).encode())


@pytest.mark.parametrize(
    ("tool", "report", "size", "gzip"),
    [
        (
            "webpack-bundle-analyzer",
            [
                {"label": "a.js", "isAsset": True, "statSize": 9, "parsedSize": 5, "gzipSize": 2},
                {"label": "b.js", "isAsset": True, "statSize": 9, "parsedSize": 4, "gzipSize": 1},
            ],
            9,
            3,
        ),
        ("webpack-bundle-analyzer", [{"label": "a.js", "statSize": 9}], 9, None),
        (
            "webpack",
            {"assets": [{"name": "a.js", "size": 7}, {"name": "a.js.map", "size": 70}]},
            7,
            None,
        ),
        ("esbuild", {"inputs": {}, "outputs": {"out/a.js": {"bytes": 3}}}, 3, None),
        (
            "nextjs-bundle-analysis",
            {"__global": {"raw": 10, "gzip": 4}, "/": {"raw": 5, "gzip": 2}},
            15,
            6,
        ),
        ("", {"main.js": 41_200, "main.css": 800}, 42_000, None),
    ],
)
def test_each_shape_of_a_bundle_is_summed_up(
    tool: str, report: Any, size: int, gzip: int | None
) -> None:
    found = read_json("bundle", report)
    assert (found.summary["tool"], found.figures["bundle_bytes"]) == (tool, size)
    assert found.figures.get("gzip_bytes") == gzip


def test_the_largest_parts_come_first() -> None:
    found = read_json("bundle", {"a.js": 1, "b.js": 3})
    assert [part["name"] for part in found.summary["largest"]] == ["b.js", "a.js"]


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"a.js": -1}, "a.js is not a number from 0 up"),
        ({"a.js": True}, "a.js is not a number"),
        ({"a.js": 1e300}, "not a number"),
        ([{"label": "a"}], r"The report\[0\].statSize is not a number"),
        ({}, "names nothing"),
        (3, "not an object"),
    ],
)
def test_sizes_that_are_none_are_refused(report: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_json("bundle", report)


@pytest.mark.parametrize(
    ("report", "routes"),
    [
        (
            {"version": 3, "staticRoutes": [{"page": "/"}], "dynamicRoutes": [{"page": "/r/[id]"}]},
            2,
        ),
        ({"pages": {"/": ["a.js"], "/_app": ["b.js"]}}, 1),
        ({"tool": "next", "routes": ["/", "/runs", "/a"], "bytes": 12}, 3),
    ],
)
def test_routes_of_a_frontend_are_counted(report: Any, routes: int) -> None:
    assert read_json("frontend-build", report).figures["routes"] == routes


def test_a_backend_tells_size_time_and_warnings() -> None:
    report = {"tool": "tsc", "version": "5.9.3", "duration_s": 41.5, "bytes": 9, "warnings": 2}
    found = read_json("backend-build", report)
    assert found.figures == {"duration_s": 41.5, "output_bytes": 9, "warnings": 2}
    assert found.summary["version"] == "5.9.3"


@pytest.mark.parametrize("report", [{"tool": "tsc"}, {"bytes": 1}, {"tool": "tsc", "bytes": "1"}])
def test_a_build_that_says_nothing_is_refused(report: Any) -> None:
    with pytest.raises(Unreadable):
        read_json("backend-build", report)


def migration(name: str = "a", **more: Any) -> dict[str, Any]:
    return {"name": name, "checksum": "9f86", "phase": "expand", "state": "applied", **more}


def test_migrations_are_counted_by_state() -> None:
    report = [
        migration(),
        migration("b", state="failed"),
        migration("c", state="pending", phase=""),
    ]
    found = read_json("migrations", {"migrations": report})
    assert found.figures == {"migrations": 3, "pending": 1, "failed_migrations": 1}
    assert [each["name"] for each in found.summary["open"]] == ["b", "c"]
    assert found.problems == ("Migrations without a declared phase: 1 of 3.",)


@pytest.mark.parametrize(
    ("entries", "said"),
    [
        ([migration(state="done")], "state is 'done' and none of applied"),
        ([migration(phase="drop")], "phase is 'drop'"),
        ([migration(name="")], "name is not a text"),
        ([migration(), migration()], "twice"),
        ([3], "is not an object"),
        (None, "migrations is not a list"),
    ],
)
def test_a_summary_of_migrations_is_checked(entries: Any, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        read_json("migrations", {"migrations": entries})


def test_a_file_is_taken_as_it_is() -> None:
    assert read("file", b"\x00\xff").figures == {"bytes": 2}
