"""Sizes of what browsers load, in the shapes that bundlers' tools write.

| shape | known by |
|---|---|
| webpack-bundle-analyzer, `analyzerMode: "json"` | a list of objects with `label`, `parsedSize` |
| webpack's stats (`--json`) | an object with `assets: [{name, size}]` |
| nextjs-bundle-analysis | an object of `{raw, gzip}` by page, with `__global` |
| esbuild's metafile | an object with `outputs: {path: {bytes}}` |
| plain | an object of bytes by name: `{"main.js": 41200}` |
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from .documents import Value, parse
from .reading import Reading, Unreadable

MOST_NAMED = 20
# No browser loads these for a reader.
UNSEEN = (".map", ".LICENSE.txt")


@dataclass(frozen=True)
class _Part:
    """One thing that is loaded: its size as sent without compression, and compressed if known."""

    name: str
    size: int
    gzip: int | None = None


def read(body: bytes) -> Reading:
    """The sum, and the largest parts. Raises Unreadable."""
    report = parse(body)
    tool, parts_of = _shape(report)
    parts = [part for part in parts_of(report) if not part.name.endswith(UNSEEN)]
    if not parts:
        raise Unreadable("The report names nothing that a browser loads.")
    figures: dict[str, float] = {"bundle_bytes": sum(part.size for part in parts)}
    compressed = [part.gzip for part in parts if part.gzip is not None]
    if len(compressed) == len(parts):
        figures["gzip_bytes"] = sum(compressed)
    largest = sorted(parts, key=lambda part: (-part.size, part.name))
    summary = {
        "tool": tool,
        "parts": len(parts),
        "largest": [{"name": part.name, "bytes": part.size} for part in largest[:MOST_NAMED]],
    }
    return Reading(summary, figures)


def _shape(report: Value) -> tuple[str, Callable[[Value], Iterator[_Part]]]:
    if isinstance(report.data, list):
        return "webpack-bundle-analyzer", _of_analyzer
    known = report.object()
    if isinstance(known.get("assets"), list):
        return "webpack", _of_webpack
    if isinstance(known.get("outputs"), dict):
        return "esbuild", _of_esbuild
    if any(isinstance(size, dict) and "raw" in size for size in islice(known.values(), 100)):
        return "nextjs-bundle-analysis", _of_next
    return "", _plain


def _of_analyzer(report: Value) -> Iterator[_Part]:
    """Without a parsed file there is only `statSize`, the size before minification."""
    for chart in report.items():
        size = chart.part("parsedSize").maybe_size()
        if size is None:
            size = chart.part("statSize").size()
        yield _Part(chart.part("label").needed_text(), size, chart.part("gzipSize").maybe_size())


def _of_webpack(report: Value) -> Iterator[_Part]:
    for asset in report.part("assets").items():
        yield _Part(asset.part("name").needed_text(), asset.part("size").size())


def _of_esbuild(report: Value) -> Iterator[_Part]:
    for path, output in report.part("outputs").parts():
        yield _Part(path[:200], output.part("bytes").size())


def _of_next(report: Value) -> Iterator[_Part]:
    for page, sizes in report.parts():
        yield _Part(page[:200], sizes.part("raw").size(), sizes.part("gzip").maybe_size())


def _plain(report: Value) -> Iterator[_Part]:
    for name, size in report.parts():
        yield _Part(name[:200], size.size())
