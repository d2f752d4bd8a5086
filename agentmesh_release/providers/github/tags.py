"""Tags, read and made. What is made is made once: look, act, confirm."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http

CREATED = frozenset({201})


@dataclass(frozen=True)
class Tag:
    """A tag and the commit it stands for, annotated or not."""

    name: str
    sha: str


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
