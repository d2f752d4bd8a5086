"""The artifacts that go with a release, under names that GitHub keeps as they are."""

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from ..models.artifact import Artifact
from ..models.release import Release

MANIFEST, NOTES = "release.json", "CHANGELOG.md"
# What is larger stays here, where its address is in the release's evidence: an upload has to end
# while the lease of its worker lasts.
LARGEST = 10 * 1024 * 1024
MOST = 50
_UNSAFE = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 120


@dataclass(frozen=True)
class Attachment:
    """One artifact; `file` is its name at GitHub, empty when it is not attached."""

    kind: str
    name: str
    size: int
    sha256: str
    file: str

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def of(release: Release) -> list[Attachment]:
    """What was received for its commit by now: of one kind and name the newest counts."""
    received = Artifact.objects.filter(project=release.project_id, commit_sha=release.commit_sha)
    newest: dict[tuple[str, str], Artifact] = {}
    for each in received.order_by("kind", "name", "-id"):
        newest.setdefault((each.kind, each.name), each)
    return list(_named(newest.values()))


def _named(artifacts: Iterable[Artifact]) -> Iterable[Attachment]:
    taken = {MANIFEST.lower(), NOTES.lower()}
    for each in artifacts:
        fits = 0 < each.size <= LARGEST and len(taken) < MOST + 2
        file = unique(safe(each.name, each.kind), taken) if fits else ""
        yield Attachment(each.kind, each.name, each.size, each.digest, file)


def safe(name: str, otherwise: str) -> str:
    """The name as GitHub keeps it: it renames what has other signs, or points at its ends.

    https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
    """
    stem, point, ending = _UNSAFE.sub("-", name).strip(".-").rpartition(".")
    ending = ending[:20] if point else ending[:_LONGEST_NAME]
    return f"{stem[: _LONGEST_NAME - 20]}{point}{ending}".strip(".-") or otherwise


def unique(name: str, taken: set[str]) -> str:
    """The name, numbered when another file has it; what is answered is taken from then on."""
    stem, point, ending = name.rpartition(".")
    if not point:
        stem, ending = name, ""
    number, found = 1, name
    while found.lower() in taken:
        number += 1
        found = f"{stem}-{number}{point}{ending}"
    taken.add(found.lower())
    return found


def body_of(release: Release, attachment: dict[str, Any]) -> tuple[bytes, str] | None:
    """The bytes and media type of what the manifest names, or None when it is gone."""
    found = (
        Artifact.objects.with_bodies()
        .filter(
            project=release.project_id,
            commit_sha=release.commit_sha,
            kind=attachment["kind"],
            name=attachment["name"],
            digest=attachment["sha256"],
        )
        .first()
    )
    return (bytes(found.body), found.media_type) if found else None
