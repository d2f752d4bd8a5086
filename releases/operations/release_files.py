"""The files of a release at GitHub: what is there is looked at, what is missing is sent."""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from agentmesh_release.core.operations import StepContext
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Asset
from agentmesh_release.providers.github import Release as Found

from ..models.publication import Publication
from ..models.release import Release
from ..publication import attachments, manifest

# One attempt sends no more, so that it ends in time; the next one goes on.
AT_ONCE = 8


class Wrong(Exception):
    """A definite no, in a sentence."""


@dataclass(frozen=True)
class File:
    """A file as it has to be at GitHub; `load` gives its bytes and media type, or None."""

    name: str
    size: int
    sha256: str
    load: Callable[[], tuple[bytes, str] | None]

    def is_(self, asset: Asset) -> bool:
        """Whether that is this file, whole. Old assets have no digest; then the size decides."""
        same = asset.digest in ("", f"sha256:{self.sha256}")
        return asset.is_whole and asset.size == self.size and same


def wanted(release: Release) -> list[File]:
    """Notes and manifest, then the artifacts that the manifest names."""
    return list(_wanted(release, Publication.objects.get(release=release).manifest))


def _wanted(release: Release, facts: dict[str, Any]) -> Iterator[File]:
    notes = release.notes_markdown().encode(errors="replace")
    yield _made(attachments.NOTES, notes, "text/markdown; charset=utf-8")
    yield _made(attachments.MANIFEST, manifest.canonical(facts), "application/json")
    for each in facts["artifacts"]:
        if each["file"]:
            load = partial(attachments.body_of, release, each)
            yield File(each["file"], each["size"], each["sha256"], load)


def _made(name: str, content: bytes, media_type: str) -> File:
    digest = hashlib.sha256(content).hexdigest()
    return File(name, len(content), digest, lambda: (content, media_type))


def attach(context: StepContext, release: Release, found: Found, files: list[File]) -> int:
    """Send those that are not there; answers how many are missing still.

    Raises Wrong when a published release has another file of that name, and when an artifact is
    gone; ProviderError when it is to be looked at again.
    """
    there = {asset.name: asset for asset in found.assets}
    missing = [each for each in files if not (each.name in there and each.is_(there[each.name]))]
    for each in missing[:AT_ONCE]:
        if each.name in there:
            _remove(context, release, found, there[each.name])
        _send(context, release, found, each)
    return len(missing[AT_ONCE:])


def _remove(context: StepContext, release: Release, found: Found, asset: Asset) -> None:
    """Make room: an upload that broke off, or a file of an earlier attempt on a draft."""
    if asset.is_whole and not found.draft:
        raise Wrong(
            f"The release at GitHub has another {asset.name} attached; what is published is left "
            "as it is. Remove that file there, then try again."
        )
    with context.acting():
        release.project.github().assets.delete(release.project.repository, asset.id)
    context.note(f"GitHub: {asset.name} removed, since it was not whole or not the same")


def _send(context: StepContext, release: Release, found: Found, file: File) -> None:
    loaded = file.load()
    if loaded is None:
        raise Wrong(f"{file.name} is not kept here any more, so it cannot be attached.")
    content, media_type = loaded
    assets = release.project.github().assets
    try:
        with context.acting():
            asset = assets.upload(found.upload_url, file.name, content, media_type)
    except ProviderError as error:
        if error.status == 422:  # somebody may have been quicker: look again
            raise ProviderError(str(error)) from None
        raise
    if not file.is_(asset):
        raise ProviderError(f"{file.name} did not arrive whole at GitHub.")
    context.note(f"GitHub: {file.name} attached")
