"""What a build put out.

The frontend's is Next.js' `routes-manifest.json` or `build-manifest.json`, or like the backend's a
plain summary, of which every part but the first may be missing:

    {"tool": "tsc", "version": "5.9.3", "duration_s": 41.5, "bytes": 1840332, "files": 412,
     "routes": ["/", "/runs"], "warnings": 2, "errors": 0}
"""

from .documents import Value, parse
from .reading import Reading, Unreadable

MOST_NAMED = 200
FIGURES = {
    "duration_s": "duration_s",
    "bytes": "output_bytes",
    "warnings": "warnings",
    "errors": "errors",
}


def read_frontend(body: bytes) -> Reading:
    """Routes, and what the summary says besides. Raises Unreadable."""
    report = parse(body)
    known = report.object()
    if isinstance(known.get("staticRoutes"), list) or isinstance(known.get("dynamicRoutes"), list):
        return _of_routes_manifest(report)
    if isinstance(known.get("pages"), dict):
        return _of_build_manifest(report)
    return _plain(report)


def read_backend(body: bytes) -> Reading:
    """Size, duration and warnings of the summary. Raises Unreadable."""
    return _plain(parse(body))


def _of_routes_manifest(report: Value) -> Reading:
    routes: list[str] = []
    for kind in ("staticRoutes", "dynamicRoutes"):
        if report.part(kind).data is not None:
            routes += [item.part("page").needed_text() for item in report.part(kind).items()]
    return _with_routes({"tool": "Next.js"}, {}, routes)


def _of_build_manifest(report: Value) -> Reading:
    """Pages that start with an underscore are Next.js' own frame."""
    pages = [name for name, _ in report.part("pages").parts() if not name.startswith("/_")]
    return _with_routes({"tool": "Next.js"}, {}, [page[:200] for page in pages])


def _plain(report: Value) -> Reading:
    summary: dict[str, object] = {
        "tool": report.part("tool").needed_text(80),
        "version": report.part("version").text(80),
    }
    figures = {
        name: report.part(given).amount()
        for given, name in FIGURES.items()
        if report.part(given).data is not None
    }
    if report.part("routes").data is not None:
        routes = [item.needed_text() for item in report.part("routes").items()]
        return _with_routes(summary, figures, routes)
    if not figures:
        raise Unreadable(
            "The summary says nothing of the build: give duration_s, bytes, warnings, errors or "
            "routes."
        )
    return Reading(summary, figures)


def _with_routes(
    summary: dict[str, object], figures: dict[str, float], routes: list[str]
) -> Reading:
    figures = {**figures, "routes": len(routes)}
    return Reading({**summary, "routes": sorted(routes)[:MOST_NAMED]}, figures)
