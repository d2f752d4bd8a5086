"""Commits: one, those of a branch, and those between two."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http

FILES_SHOWN = 300  # compare lists no more changed files than this
MOST_FILES = 3_000  # nor does a commit, on all its pages


@dataclass(frozen=True)
class Commit:
    """One commit; the login is there when GitHub knows the author's e-mail address."""

    sha: str
    message: str
    author_name: str
    author_email: str
    author_login: str | None
    authored_at: datetime | None
    committed_at: datetime | None
    parents: tuple[str, ...]
    html_url: str

    @classmethod
    def read(cls, fields: Fields) -> Commit:
        """Read a commit as it stands in every list of commits."""
        git = fields.part("commit")
        author = git.part("author")
        return cls(
            sha=fields.text("sha"),
            message=git.text("message"),
            author_name=author.maybe_text("name") or "",
            author_email=author.maybe_text("email") or "",
            author_login=fields.part("author").maybe_text("login"),
            authored_at=author.maybe_time("date"),
            committed_at=git.part("committer").maybe_time("date"),
            parents=tuple(parent.text("sha") for parent in fields.parts("parents")),
            html_url=fields.maybe_text("html_url") or "",
        )


@dataclass(frozen=True)
class ChangedFile:
    """A file in a comparison; `status` added, modified, removed, renamed or something new."""

    path: str
    status: str
    previous_path: str | None


@dataclass(frozen=True)
class Distance:
    """How two commits lie: `status` identical, ahead, behind or diverged."""

    status: str
    ahead_by: int
    behind_by: int


@dataclass(frozen=True)
class Comparison(Distance):
    """What `head` has and `base` has not: every commit, oldest first, and the changed files
    (cut when `files_may_be_cut`)."""

    merge_base: str
    commits: tuple[Commit, ...]
    files: tuple[ChangedFile, ...]
    files_may_be_cut: bool


class Commits:
    """The commits of repositories."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def get(self, repo: str, ref: str) -> Commit:
        """One commit by SHA, branch or tag (`tags/NAME`); ProviderError 404 or 422 when absent.

        https://docs.github.com/en/rest/commits/commits#get-a-commit
        """
        answer = self._http.get(at(repo, "commits", ref))
        return Commit.read(Fields.of(answer.data, "GitHub's commit"))

    def files(self, repo: str, sha: str) -> Iterator[ChangedFile]:
        """What a commit changed against its first parent, a page at a time; GitHub lists no more
        than `MOST_FILES`.

        https://docs.github.com/en/rest/commits/commits#get-a-commit
        """
        for page in pages(self._http, at(repo, "commits", sha)):
            listed = Fields.of(page.data, "GitHub's commit")
            yield from map(_changed_file, listed.parts("files"))

    def on_branch(
        self, repo: str, ref: str, *, since: datetime | None = None, path: str | None = None
    ) -> Iterator[Commit]:
        """The commits reachable from `ref`, newest first, a page at a time.

        https://docs.github.com/en/rest/commits/commits#list-commits
        """
        after = None if since is None else f"{since.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
        for page in pages(self._http, at(repo, "commits"), sha=ref, since=after, path=path):
            yield from map(Commit.read, many(page.data, "GitHub's list of commits"))

    def distance(self, repo: str, base: str, head: str) -> Distance:
        """Whether `head` is up to date with `base`, in one small call.

        https://docs.github.com/en/rest/commits/commits#compare-two-commits
        """
        answer = self._http.get(at(repo, "compare", f"{base}...{head}"), per_page=1, page=1)
        fields = Fields.of(answer.data, "GitHub's comparison")
        return Distance(fields.text("status"), fields.whole("ahead_by"), fields.whole("behind_by"))

    def between(self, repo: str, base: str, head: str) -> Comparison:
        """Every commit that `head` has and `base` has not.

        Without page parameters GitHub gives at most 250, the newest; with them it pages from the
        earliest, and the files come on page 1 only. A list that stays shorter than
        `total_commits` is an error, never a short changelog.
        https://docs.github.com/en/rest/commits/commits#compare-two-commits
        """
        path = at(repo, "compare", f"{base}...{head}")
        answers = list(pages(self._http, path, page=1))
        first = Fields.of(answers[0].data, "GitHub's comparison")
        commits = [
            Commit.read(fields)
            for answer in answers
            for fields in Fields.of(answer.data, "GitHub's comparison").parts("commits")
        ]
        total = first.whole("total_commits")
        if len({commit.sha for commit in commits}) != total:
            raise ProviderError(
                f"GitHub listed {len(commits)} of the {total} commits between {base} and {head}; "
                "the branch may have moved meanwhile."
            )
        files = tuple(map(_changed_file, first.parts("files"))) if "files" in first.data else ()
        return Comparison(
            status=first.text("status"),
            ahead_by=first.whole("ahead_by"),
            behind_by=first.whole("behind_by"),
            merge_base=first.part("merge_base_commit").text("sha"),
            commits=tuple(commits),
            files=files,
            files_may_be_cut=len(files) >= FILES_SHOWN,
        )


def _changed_file(fields: Fields) -> ChangedFile:
    return ChangedFile(
        fields.text("filename"), fields.text("status"), fields.maybe_text("previous_filename")
    )
