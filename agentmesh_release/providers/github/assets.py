"""The files of releases: sent as raw bytes to an address, and maybe a host, of their own."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.github.connection import at
from agentmesh_release.providers.http import Http

CREATED = frozenset({201})
GONE = frozenset({204, 404})


@dataclass(frozen=True)
class Asset:
    """A release's file; `state` starter is an upload that broke off. `digest` is `sha256:…`, empty
    for what was uploaded before GitHub kept it (June 2025)."""

    id: int
    name: str
    size: int
    state: str
    digest: str
    url: str

    @property
    def is_whole(self) -> bool:
        """Whether its upload came to its end."""
        return self.state == "uploaded"

    @classmethod
    def read(cls, fields: Fields) -> Asset:
        """Read an asset."""
        return cls(
            id=fields.whole("id"),
            name=fields.text("name"),
            size=fields.whole("size"),
            state=fields.text("state"),
            digest=fields.maybe_text("digest") or "",
            url=fields.maybe_text("browser_download_url") or "",
        )


class Assets:
    """The files of releases; `uploads` is the connection that takes them."""

    def __init__(self, http: Http, uploads: Http) -> None:
        self._http = http
        self._uploads = uploads

    def upload(self, upload_url: str, name: str, content: bytes, media_type: str) -> Asset:
        """Attach a file to the release of that `upload_url`. A name that is taken answers 422; an
        upload that breaks off may leave an asset in state starter (FACTS 1.7): delete it first.

        https://docs.github.com/en/rest/releases/assets#upload-a-release-asset
        """
        ask = Ask(
            "POST",
            upload_url,
            {"name": name},
            content=content,
            media_type=media_type,
            expect=CREATED,
        )
        return Asset.read(Fields.of(self._uploads.ask(ask).data, "GitHub's asset"))

    def delete(self, repo: str, asset_id: int) -> None:
        """Remove a file; one that is gone is no error.

        https://docs.github.com/en/rest/releases/assets#delete-a-release-asset
        """
        path = at(repo, "releases", "assets", str(asset_id))
        self._http.ask(Ask("DELETE", path, parse=False, expect=GONE))


def uploads_base(base_url: str) -> str:
    """Where uploads go: a host of its own for github.com, a path of its own elsewhere."""
    parts = urlsplit(base_url)
    if parts.hostname == "api.github.com":
        return "https://uploads.github.com"
    return f"{base_url.removesuffix('/v3')}/uploads"
