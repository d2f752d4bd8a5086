"""Files and directories at a commit."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import at
from agentmesh_release.providers.http import Http

ENTRIES_SHOWN = 1000  # the contents API lists no more of a directory than this


@dataclass(frozen=True)
class Entry:
    """One name in a directory; `kind` is file, dir, symlink or submodule."""

    name: str
    path: str
    kind: str
    sha: str
    size: int


@dataclass(frozen=True)
class Directory:
    """A directory's entries; a full thousand may be a cut list."""

    path: str
    entries: tuple[Entry, ...]
    may_be_cut: bool


@dataclass(frozen=True)
class File:
    """A file's bytes, whatever its size up to GitHub's 100 MB and our cap."""

    path: str
    sha: str
    size: int
    content: bytes


class Contents:
    """What lies in a repository at a commit.

    https://docs.github.com/en/rest/repos/contents#get-repository-content
    """

    def __init__(self, http: Http) -> None:
        self._http = http

    def directory(self, repo: str, path: str, ref: str) -> Directory:
        """List a directory ("" is the root); ProviderError 404 when it is not there."""
        answer = self._http.get(_at(repo, path), ref=ref)
        if isinstance(answer.data, dict):
            raise ProviderError(f"{path} in {repo} is a file, not a directory.", permanent=True)
        entries = tuple(map(_entry, many(answer.data, "GitHub's directory")))
        return Directory(path, entries, len(entries) >= ENTRIES_SHOWN)

    def file(self, repo: str, path: str, ref: str) -> File:
        """Read a file; ProviderError 404 when it is not there."""
        answer = self._http.get(_at(repo, path), ref=ref)
        if isinstance(answer.data, list):
            raise ProviderError(f"{path} in {repo} is a directory, not a file.", permanent=True)
        fields = Fields.of(answer.data, "GitHub's file")
        if fields.text("type") != "file":
            raise ProviderError(
                f"{path} in {repo} is a {fields.text('type')}, not a file.", permanent=True
            )
        content = self._content(fields, repo, path, ref)
        return File(path, fields.text("sha"), len(content), content)

    def _content(self, fields: Fields, repo: str, path: str, ref: str) -> bytes:
        """Above 1 MB the JSON form comes with encoding "none" and no content: ask for it raw."""
        if fields.maybe_text("encoding") != "base64":
            raw = {"Accept": "application/vnd.github.raw+json"}
            ask = Ask("GET", _at(repo, path), {"ref": ref}, headers=raw, parse=False)
            return self._http.ask(ask).body
        try:
            return base64.b64decode(fields.text("content"))
        except binascii.Error:
            raise ProviderError(f"GitHub sent {path} in broken base64.") from None


def _at(repo: str, path: str) -> str:
    """Here alone slashes stay slashes: the path is the rest of the URL."""
    steps = [step for step in path.split("/") if step]
    if {".", ".."} & set(steps):
        raise ProviderError(f"“{path[:100]}” is not a path inside a repository.", permanent=True)
    return at(repo, "contents", *steps)


def _entry(fields: Fields) -> Entry:
    return Entry(
        name=fields.text("name"),
        path=fields.text("path"),
        kind=fields.text("type"),
        sha=fields.text("sha"),
        size=fields.maybe_whole("size") or 0,
    )
