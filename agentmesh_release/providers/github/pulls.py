"""Pull requests and their reviews."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.commits import Commit
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http

COMMITS_SHOWN = 250  # GitHub lists no more commits of a pull request than this


@dataclass(frozen=True)
class PullRequest:
    """A pull request. `merge_commit_sha` is a test merge until it is merged, then the commit that
    landed; `mergeable` None means that GitHub is still computing it, or was not asked."""

    number: int
    title: str
    state: str
    draft: bool
    merged: bool
    merged_at: datetime | None
    merge_commit_sha: str | None
    head_ref: str
    head_sha: str
    base_ref: str
    base_sha: str
    author_login: str | None
    created_at: datetime
    updated_at: datetime
    html_url: str
    labels: tuple[str, ...]
    mergeable: bool | None
    mergeable_state: str | None

    @classmethod
    def read(cls, fields: Fields) -> PullRequest:
        """Read a pull request, alone or from a list (which leaves some fields out)."""
        head, base = fields.part("head"), fields.part("base")
        return cls(
            number=fields.whole("number"),
            title=fields.text("title"),
            state=fields.text("state"),
            draft=fields.flag("draft"),
            merged=fields.maybe_time("merged_at") is not None,
            merged_at=fields.maybe_time("merged_at"),
            merge_commit_sha=fields.maybe_text("merge_commit_sha"),
            head_ref=head.text("ref"),
            head_sha=head.text("sha"),
            base_ref=base.text("ref"),
            base_sha=base.text("sha"),
            author_login=fields.part("user").maybe_text("login"),
            created_at=fields.time("created_at"),
            updated_at=fields.time("updated_at"),
            html_url=fields.maybe_text("html_url") or "",
            labels=tuple(label.text("name") for label in fields.parts("labels")),
            mergeable=fields.maybe_flag("mergeable"),
            mergeable_state=fields.maybe_text("mergeable_state"),
        )


@dataclass(frozen=True)
class Review:
    """One review; `state` APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING or new."""

    id: int
    author_login: str | None
    state: str
    commit_sha: str | None
    submitted_at: datetime | None
    association: str = ""

    @property
    def counts(self) -> bool:
        """Whether GitHub lets this person's word stand: an owner, a member or a collaborator, not
        everybody who can read the repository."""
        return self.association in {"OWNER", "MEMBER", "COLLABORATOR"}


@dataclass(frozen=True)
class Reviews:
    """The reviews of a pull request in the order in which they came."""

    reviews: tuple[Review, ...]

    def standing(self) -> dict[str, Review]:
        """The latest decisive review of each person: a comment leaves an approval standing, a
        dismissal does not."""
        decisive = {"APPROVED", "CHANGES_REQUESTED", "DISMISSED"}
        return {r.author_login: r for r in self.reviews if r.author_login and r.state in decisive}

    def approved_by(self, head_sha: str | None = None) -> tuple[str, ...]:
        """Who approves; with `head_sha` only those whose approval is for that very commit."""
        return tuple(
            login
            for login, review in self.standing().items()
            if review.state == "APPROVED" and head_sha in (None, review.commit_sha)
        )

    def changes_requested_by(self) -> tuple[str, ...]:
        """Who asks for changes and has not been satisfied or dismissed."""
        standing = self.standing().items()
        return tuple(login for login, review in standing if review.state == "CHANGES_REQUESTED")


@dataclass(frozen=True)
class PullCommits:
    """A pull request's commits, oldest first; a full 250 may be a cut list."""

    commits: tuple[Commit, ...]
    may_be_cut: bool


class Pulls:
    """The pull requests of repositories."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def open(self, repo: str, base: str | None = None) -> Iterator[PullRequest]:
        """The open ones, newest first.

        https://docs.github.com/en/rest/pulls/pulls#list-pull-requests
        """
        for page in pages(self._http, at(repo, "pulls"), state="open", base=base):
            yield from map(PullRequest.read, many(page.data, "GitHub's list of pull requests"))

    def get(self, repo: str, number: int) -> PullRequest:
        """One, with `mergeable`. https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request"""
        answer = self._http.get(at(repo, "pulls", str(number)))
        return PullRequest.read(Fields.of(answer.data, "GitHub's pull request"))

    def for_commit(self, repo: str, sha: str) -> tuple[PullRequest, ...]:
        """Those that a landed commit came from, merged ones and open ones alike.

        https://docs.github.com/en/rest/commits/commits#list-pull-requests-associated-with-a-commit
        """
        found = pages(self._http, at(repo, "commits", sha, "pulls"))
        where = "GitHub's list of pull requests"
        return tuple(PullRequest.read(item) for page in found for item in many(page.data, where))

    def commits(self, repo: str, number: int) -> PullCommits:
        """Its commits. https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request"""
        found = pages(self._http, at(repo, "pulls", str(number), "commits"))
        where = "GitHub's list of commits"
        commits = tuple(Commit.read(item) for page in found for item in many(page.data, where))
        return PullCommits(commits, len(commits) >= COMMITS_SHOWN)

    def reviews(self, repo: str, number: int) -> Reviews:
        """Its reviews. https://docs.github.com/en/rest/pulls/reviews#list-reviews-for-a-pull-request"""
        found = pages(self._http, at(repo, "pulls", str(number), "reviews"))
        where = "GitHub's list of reviews"
        return Reviews(tuple(_review(item) for page in found for item in many(page.data, where)))


def _review(fields: Fields) -> Review:
    return Review(
        id=fields.whole("id"),
        author_login=fields.part("user").maybe_text("login"),
        state=fields.text("state"),
        commit_sha=fields.maybe_text("commit_id"),
        submitted_at=fields.maybe_time("submitted_at"),
        association=fields.maybe_text("author_association") or "",
    )
