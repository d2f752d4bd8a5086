"""Repositories and the heads of their branches."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.github.connection import at
from agentmesh_release.providers.http import Http


@dataclass(frozen=True)
class Repository:
    """A repository; `full_name` is its present name, which differs after a rename."""

    id: int
    full_name: str
    default_branch: str
    private: bool
    archived: bool
    html_url: str
    pushed_at: datetime | None


@dataclass(frozen=True)
class Branch:
    """A branch and its head. `protected` says that some protection exists, not which."""

    name: str
    sha: str
    protected: bool
    committed_at: datetime | None


class Repositories:
    """Repositories by their name."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, repo: str) -> Repository:
        """One repository. https://docs.github.com/en/rest/repos/repos#get-a-repository"""
        fields = Fields.of(self._http.get(at(repo)).data, "GitHub's repository")
        return Repository(
            id=fields.whole("id"),
            full_name=fields.text("full_name"),
            default_branch=fields.text("default_branch"),
            private=fields.flag("private"),
            archived=fields.flag("archived"),
            html_url=fields.maybe_text("html_url") or "",
            pushed_at=fields.maybe_time("pushed_at"),
        )

    def branch(self, repo: str, branch: str) -> Branch:
        """A branch's head. https://docs.github.com/en/rest/branches/branches#get-a-branch"""
        answer = self._http.get(at(repo, "branches", branch))
        fields = Fields.of(answer.data, "GitHub's branch")
        commit = fields.part("commit")
        return Branch(
            name=fields.text("name"),
            sha=commit.text("sha"),
            protected=fields.flag("protected"),
            committed_at=commit.part("commit").part("committer").maybe_time("date"),
        )
