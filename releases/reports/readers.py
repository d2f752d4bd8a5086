"""Which kind is read by what."""

from collections.abc import Callable, Mapping

from agentmesh_release.core.text import storable

from . import builds, bundles, junit, migrations, performance, sarif
from .reading import Reading, Unreadable

MOST_BYTES = 50_000_000

_READERS: Mapping[str, Callable[[bytes], Reading]] = {
    "tests": junit.read,
    "security": sarif.read,
    "bundle": bundles.read,
    "performance": performance.read,
    "migrations": migrations.read,
    "frontend-build": builds.read_frontend,
    "backend-build": builds.read_backend,
    "file": lambda body: Reading(figures={"bytes": len(body)}),
}
KINDS = tuple(_READERS)


def read(kind: str, body: bytes) -> Reading:
    """What a report of that kind says. Raises Unreadable with a sentence."""
    reader = _READERS.get(kind)
    if reader is None:
        raise Unreadable(f"Reports of the kind {kind!r} cannot be read here.")
    if len(body) > MOST_BYTES:
        raise Unreadable(f"A report has at most {MOST_BYTES:,} bytes; this one has {len(body):,}.")
    if not body and kind != "file":
        raise Unreadable("The report is empty.")
    found = reader(body)
    return Reading(
        storable(dict(found.summary)), dict(found.figures), tuple(storable(list(found.problems)))
    )
