"""Tags and releases, read and made. What is made is made once: look, act, confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import absent_as_none, at, pages
from agentmesh_release.providers.http import Http

CREATED = frozenset({201})


@dataclass(frozen=True)
class Tag:
    """A tag and the commit it stands for, annotated or not."""

    name: str
    sha: str


@dataclass(frozen=True)
class Asset:
    """A release's file; `state` starter is an upload that broke off."""

    id: int
    name: str
    size: int
    state: str
    url: str


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
    assets: tuple[Asset, ...]


@dataclass(frozen=True)
class NewRelease:
    """A release to publish: its tag at `sha`, title, Markdown text, and whether it may become
    the latest ("true", "false" or "legacy", a string at GitHub)."""

    tag: str
    sha: str
    name: str
    body: str
    prerelease: bool = False
    make_latest: str = "true"


class Tags:
    """The tags of repositories."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self, repo: str) -> Iterator[Tag]:
        """Every tag. https://docs.github.com/en/rest/repos/repos#list-repository-tags"""
        for page in pages(self._http, at(repo, "tags")):
            for fields in many(page.data, "GitHub's list of tags"):
                yield Tag(fields.text("name"), fields.part("commit").text("sha"))

    def commit_of(self, repo: str, tag: str) -> str | None:
        """The commit that a tag stands for, or None when there is no such tag.

        https://docs.github.com/en/rest/commits/commits#get-a-commit takes `tags/NAME` and answers
        404 or 422 ("No commit found for SHA") for one that is not there.
        """
        try:
            answer = self._http.get(at(repo, "commits", f"tags/{tag}"))
        except ProviderError as error:
            if error.status in {404, 422}:
                return None
            raise
        return Fields.of(answer.data, "GitHub's commit").text("sha")

    def ensure(self, repo: str, tag: str, sha: str, message: str | None = None) -> Tag:
        """Make the tag unless it is there; annotated when `message` is given.

        A tag of that name on another commit is a permanent error: a published version does not
        move. Asking twice, or after a lost answer, makes one tag.
        https://docs.github.com/en/rest/git/refs#create-a-reference
        """
        if self._look(repo, tag, sha) is None:
            target = sha if message is None else self._annotate(repo, tag, sha, message)
            body = {"ref": f"refs/tags/{tag}", "sha": target}
            try:
                self._http.ask(Ask("POST", at(repo, "git", "refs"), json=body, expect=CREATED))
            except ProviderError as error:
                if error.status != 422 or self._look(repo, tag, sha) is None:
                    raise
            if self._look(repo, tag, sha) is None:
                raise ProviderError(f"GitHub took the tag {tag} and does not show it yet.")
        return Tag(tag, sha)

    def _look(self, repo: str, tag: str, sha: str) -> str | None:
        there = self.commit_of(repo, tag)
        if there is not None and there != sha:
            raise ProviderError(
                f"The tag {tag} exists in {repo} at {there[:12]}, not at {sha[:12]}; a published "
                "tag is not moved.",
                permanent=True,
            )
        return there

    def _annotate(self, repo: str, tag: str, sha: str, message: str) -> str:
        """https://docs.github.com/en/rest/git/tags#create-a-tag-object: an object, no ref yet; one
        left over by a crash is never seen."""
        body = {"tag": tag, "message": message, "object": sha, "type": "commit"}
        ask = Ask("POST", at(repo, "git", "tags"), json=body, expect=CREATED)
        return Fields.of(self._http.ask(ask).data, "GitHub's tag").text("sha")


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

    def ensure(self, repo: str, new: NewRelease) -> Release:
        """Publish the release unless its tag has one, which is then returned as it is.

        https://docs.github.com/en/rest/releases/releases#create-a-release
        """
        there = self.by_tag(repo, new.tag)
        if there is not None:
            return there
        body = {
            "tag_name": new.tag,
            "target_commitish": new.sha,
            "name": new.name,
            "body": new.body,
            "draft": False,
            "prerelease": new.prerelease,
            "make_latest": "false" if new.prerelease else new.make_latest,
        }
        try:
            self._http.ask(Ask("POST", at(repo, "releases"), json=body, expect=CREATED))
        except ProviderError as error:
            if error.status != 422 or self.by_tag(repo, new.tag) is None:
                raise
        confirmed = self.by_tag(repo, new.tag)
        if confirmed is None:
            raise ProviderError(f"GitHub took the release {new.tag} and does not show it yet.")
        return confirmed


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
        assets=tuple(map(_asset, fields.parts("assets"))),
    )


def _asset(fields: Fields) -> Asset:
    return Asset(
        id=fields.whole("id"),
        name=fields.text("name"),
        size=fields.whole("size"),
        state=fields.text("state"),
        url=fields.maybe_text("browser_download_url") or "",
    )
