"""Releases, read and written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.assets import GONE, Asset
from agentmesh_release.providers.github.connection import absent_as_none, at, pages
from agentmesh_release.providers.http import Http

CREATED = frozenset({201})


@dataclass(frozen=True)
class Release:
    """A GitHub release. `created_at` is its commit's date, `published_at` the publication."""

    id: int
    tag: str
    name: str
    body: str
    draft: bool
    prerelease: bool
    target: str
    created_at: datetime | None
    published_at: datetime | None
    html_url: str
    upload_url: str
    assets: tuple[Asset, ...]


@dataclass(frozen=True)
class NewRelease:
    """What a release says: its tag at `sha`, title, Markdown text, and whether it may become the
    latest ("true", "false" or "legacy", a string at GitHub)."""

    tag: str
    sha: str
    name: str
    body: str
    prerelease: bool = False
    make_latest: str = "true"

    @property
    def told(self) -> dict[str, object]:
        """What readers see of it, as GitHub calls it."""
        return {"name": self.name, "body": self.body, "prerelease": self.prerelease}


class Releases:
    """The releases of repositories."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self, repo: str) -> Iterator[Release]:
        """Every release, newest first; drafts only for a token that may push.

        https://docs.github.com/en/rest/releases/releases#list-releases
        """
        for page in pages(self._http, at(repo, "releases")):
            yield from map(_release, many(page.data, "GitHub's list of releases"))

    def by_tag(self, repo: str, tag: str) -> Release | None:
        """The published release of a tag, or None.

        https://docs.github.com/en/rest/releases/releases#get-a-release-by-tag-name
        """
        return self._maybe(at(repo, "releases", "tags", tag))

    def latest(self, repo: str) -> Release | None:
        """The newest by its commit's date that is neither draft nor prerelease, or None.

        https://docs.github.com/en/rest/releases/releases#get-the-latest-release
        """
        return self._maybe(at(repo, "releases", "latest"))

    def _maybe(self, path: str) -> Release | None:
        try:
            answer = self._http.get(path)
        except ProviderError as error:
            absent_as_none(error)
            return None
        return _release(Fields.of(answer.data, "GitHub's release"))

    def may_write(self, repo: str, branch: str) -> None:
        """Raise ProviderError unless this token may make tags and releases there.

        A repository's `permissions` are its user's, not its token's. Generating notes asks for
        Contents: write, as publishing does, and saves nothing.
        https://docs.github.com/en/rest/releases/releases#generate-release-notes-content-for-a-release
        """
        body = {"tag_name": "v0.0.0-connection-test", "target_commitish": branch}
        path = at(repo, "releases", "generate-notes")
        self._http.ask(Ask("POST", path, json=body, repeatable=True))

    def find(self, repo: str, tag: str) -> tuple[Release, ...]:
        """All releases of a tag, drafts too (a tag may have several), the oldest first.

        Drafts have no address by their tag, so the whole list is read; unchanged pages are free.
        """
        return tuple(sorted((each for each in self.all(repo) if each.tag == tag), key=_by_id))

    def get(self, repo: str, release_id: int) -> Release | None:
        """One release by its number, or None.

        https://docs.github.com/en/rest/releases/releases#get-a-release
        """
        return self._maybe(at(repo, "releases", str(release_id)))

    def draft(self, repo: str, new: NewRelease) -> Release:
        """Make a draft: nobody but who may push sees it, and no tag is made by it.

        Each call makes one more, so look before (`find`).
        https://docs.github.com/en/rest/releases/releases#create-a-release
        """
        body = {"tag_name": new.tag, "target_commitish": new.sha, "draft": True, **new.told}
        return self._write("POST", at(repo, "releases"), body, CREATED)

    def edit(self, repo: str, release_id: int, new: NewRelease, *, draft: bool = False) -> Release:
        """Bring title, text and flags of a release up to date; `draft` false publishes it.

        https://docs.github.com/en/rest/releases/releases#update-a-release
        """
        body = {"tag_name": new.tag, "draft": draft, **new.told}
        if not draft:
            body["make_latest"] = "false" if new.prerelease else new.make_latest
        return self._write("PATCH", at(repo, "releases", str(release_id)), body, frozenset({200}))

    def delete(self, repo: str, release_id: int) -> None:
        """Remove a release, not its tag; one that is gone is no error.

        https://docs.github.com/en/rest/releases/releases#delete-a-release
        """
        ask = Ask("DELETE", at(repo, "releases", str(release_id)), parse=False, expect=GONE)
        self._http.ask(ask)

    def _write(
        self, method: str, path: str, body: dict[str, object], expect: frozenset[int]
    ) -> Release:
        answer = self._http.ask(Ask(method, path, json=body, expect=expect))
        return _release(Fields.of(answer.data, "GitHub's release"))


def _by_id(release: Release) -> int:
    return release.id


def _release(fields: Fields) -> Release:
    return Release(
        id=fields.whole("id"),
        tag=fields.text("tag_name"),
        name=fields.maybe_text("name") or "",
        body=fields.maybe_text("body") or "",
        draft=fields.flag("draft"),
        prerelease=fields.flag("prerelease"),
        target=fields.maybe_text("target_commitish") or "",
        created_at=fields.maybe_time("created_at"),
        published_at=fields.maybe_time("published_at"),
        html_url=fields.maybe_text("html_url") or "",
        upload_url=(fields.maybe_text("upload_url") or "").partition("{")[0],
        assets=tuple(map(Asset.read, fields.parts("assets"))),
    )
