"""The record as JSON that is the same whenever the same is known, with a digest of each part.

A digest is SHA-256 over the part's canonical JSON: keys sorted, no blanks, UTF-8. `sha256.record`
is over the digests of release and parts in that form, so one of them stands for all.
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

from .record import Part, Record

SCHEMA = "agentmesh-release/evidence/1"


def document(record: Record) -> dict[str, Any]:
    """Plain data: `schema`, `release`, `parts` by name, `sha256` by name."""
    release = _plain(_release(record))
    parts = {part.name: _plain(_part(part)) for part in record}
    digests = {name: digest(data) for name, data in {"release": release, **parts}.items()}
    return {
        "schema": SCHEMA,
        "release": release,
        "parts": parts,
        "sha256": {**digests, "record": digest(digests)},
    }


def as_json(told: dict[str, Any]) -> bytes:
    """The document in a form that people can read too."""
    return (json.dumps(told, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def digest(data: Any) -> str:
    """SHA-256 in hex over the canonical JSON of plain data."""
    canonical = json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def _release(record: Record) -> dict[str, Any]:
    release = record.release
    return {
        "project": release.project.slug,
        "version": release.version,
        "tag": release.tag,
        "commit": release.commit_sha,
        "state": release.state,
        "cut_by": release.cut_by,
        "released_at": release.released_at,
        "repository": release.project.repository,
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "title": part.title,
        "source": part.source,
        "as_of": part.as_of,
        "unknown": part.unknown,
        "data": part.data,
    }


def _plain(value: Any) -> Any:
    """With times as ISO texts in UTC."""
    if isinstance(value, dict):
        return {str(name): _plain(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value
