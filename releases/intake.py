"""Taking in what programs send about a commit: read, summed up, and kept as it was sent."""

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from agentmesh_release.core import audit, events, idempotency, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from .models.artifact import Artifact
from .models.project import Project
from .reports import Reading, Unreadable, read

MEGABYTE = 1_000_000
Kind = Artifact.Kind
# The most bytes of each kind: about ten times what large repositories send.
CAPS: Mapping[str, int] = {
    Kind.TESTS: 10 * MEGABYTE,
    Kind.SECURITY: 10 * MEGABYTE,
    Kind.BUNDLE: 5 * MEGABYTE,
    Kind.PERFORMANCE: 10 * MEGABYTE,
    Kind.MIGRATIONS: MEGABYTE,
    Kind.FRONTEND_BUILD: 5 * MEGABYTE,
    Kind.BACKEND_BUILD: 5 * MEGABYTE,
    Kind.FILE: 25 * MEGABYTE,
}
LARGEST = max(CAPS.values())
_ANY = "application/octet-stream"
_XML = frozenset({"application/xml", "text/xml", _ANY})
_JSON = frozenset({"application/json", "application/sarif+json", "text/plain", _ANY})


@dataclass(frozen=True)
class About:
    """What a report is about, as its sender says."""

    kind: str
    commit_sha: str
    name: str
    media_type: str
    run_url: str = ""


@dataclass(frozen=True)
class Received:
    """The artifact, and whether it had come already, under the same key."""

    artifact: Artifact
    is_repeat: bool


def guard_size(kind: str, size: int) -> None:
    """Raises Refused (413, `too_large`) when a report of that kind is not so large."""
    if size > CAPS[kind]:
        raise Refused(
            "too_large",
            f"A report of the kind {kind} has at most {CAPS[kind]:,} bytes.",
            status=413,
        )


def guard_media_type(kind: str, media_type: str) -> None:
    """Raises Refused (415, `wrong_media_type`) when that cannot be a report of this kind."""
    if kind == Kind.FILE:
        return
    taken = _XML if kind == Kind.TESTS else _JSON
    if media_type not in taken:
        raise Refused(
            "wrong_media_type",
            f"A report of the kind {kind} comes as {' or '.join(sorted(taken))}; "
            "say which in its Content-Type.",
            status=415,
        )


def receive(project: Project, about: About, body: bytes, *, by: Actor, key: str = "") -> Received:
    """Read a report and keep it; `key` is the sender's idempotency key.

    Raises Refused: `unreadable` (422) with what is wrong and where, `too_large`,
    `wrong_media_type`, `archived`, and those of `idempotency.once`. Then nothing is kept.
    """
    project.refuse_archived()
    guard_size(about.kind, len(body))
    guard_media_type(about.kind, about.media_type)
    reading = _read(about.kind, body)
    digest = hashlib.sha256(body).hexdigest()
    done = idempotency.once(
        key,
        scope=project.slug,
        asked={"report": asdict(about), "digest": digest},
        act=lambda: _keep(project, about, body, digest, reading, by),
    )
    number = int(done.subject.partition(":")[2])
    return Received(project.artifacts.get(pk=number), done.is_repeat)


def _read(kind: str, body: bytes) -> Reading:
    try:
        return read(kind, body)
    except Unreadable as error:
        raise Refused("unreadable", error.sentence, status=422) from None


def _keep(
    project: Project, about: About, body: bytes, digest: str, reading: Reading, by: Actor
) -> str:
    artifact = Artifact.objects.create(
        project=project,
        **asdict(about),
        body=body,
        digest=digest,
        size=len(body),
        summary=dict(reading.summary),
        figures=dict(reading.figures),
        problems=list(reading.problems),
        sent_by=by.name,
    )
    subject = f"artifact:{artifact.pk}"
    told: dict[str, Any] = {"kind": about.kind, "commit": about.commit_sha}
    audit.record(
        "artifact.receive",
        actor=by,
        subject=subject,
        label=about.name,
        scope=project.slug,
        data={**told, "digest": digest, "size": len(body)},
    )
    events.publish("artifact.received", {**told, "project": project.slug, "artifact": artifact.pk})
    releases = project.releases.filter(commit_sha=about.commit_sha).only("pk")
    live.stale(f"project:{project.slug}", *(release.subject for release in releases))
    return subject
