"""Things that happen to a repository from inside the sandbox: commits, pull requests, merges."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from . import clock
from .git import writing
from .github import ci, pullrequests, reviews
from .github.pullrequests import PullRequest
from .journal import Cause
from .project import Project, change
from .sandbox import Sandbox
from .vercel import deployments
from .vercel.deployments import PRODUCTION, Deployment

AUTHOR = "Noor Lindqvist <noor@example.com>"
AUTHOR_LOGIN = "noor-lindqvist"
REVIEWER = "rowan"


class NotPossible(Exception):
    """The act cannot be done; the text is a sentence for a person."""


@dataclass(frozen=True)
class Landed:
    """A commit that reached the default branch, and the build that it started."""

    sha: str
    deployment: str


def land(
    sandbox: Sandbox,
    project: Project,
    cause: Cause,
    *,
    message: str,
    files: Mapping[str, bytes] | None = None,
    bad: bool = False,
) -> Landed:
    """Commit to the default branch: checks begin, a production build begins."""
    repository = project.repository(sandbox)
    branch = project.default_branch or "main"
    with repository.writing, sandbox.store.transaction():
        head = repository.branch(branch)
        sha = writing.commit(
            repository,
            parents=[head] if head else [],
            message=message,
            author=AUTHOR,
            files=files if files is not None else a_file(message),
            at_s=clock.now_ms() // 1000,
        )
        writing.move_ref(repository, f"refs/heads/{branch}", sha, head or "")
        if project.default_branch is None:
            change(sandbox, project, default_branch=branch)
        if bad:
            mark(sandbox, project, sha, bad=True)
        sandbox.journal.add(
            "github",
            "commit_landed",
            project.name,
            cause,
            sha=sha,
            ref=branch,
            subject=_first_line(message),
        )
        return Landed(sha, _started(sandbox, project, cause, sha, branch).id)


def _started(sandbox: Sandbox, project: Project, cause: Cause, sha: str, branch: str) -> Deployment:
    ci.begin(sandbox, project, sha)
    return deployments.build(sandbox, project, cause, sha=sha, ref=branch, target=PRODUCTION)


def catch_up(sandbox: Sandbox, project: Project, cause: Cause) -> None:
    """A head that nobody builds (fetched, or a kill cut its landing in two) is built now."""
    head = project.head(sandbox)
    if head is None or any(
        one.sha == head and one.target == PRODUCTION for one in deployments.of(sandbox, project)
    ):
        return
    _started(sandbox, project, cause, head, project.default_branch or "main")


def a_file(message: str) -> dict[str, bytes]:
    """One new file for a commit to bring; its name is new each time, so merges never conflict."""
    return {f"sandbox/{secrets.token_hex(4)}.txt": message.encode()}


def open_pull(
    sandbox: Sandbox,
    project: Project,
    cause: Cause,
    *,
    title: str,
    body: str = "",
    bad: bool = False,
) -> tuple[PullRequest, Deployment]:
    """Open a pull request of one commit: checks begin, a preview build begins."""
    repository = project.repository(sandbox)
    with repository.writing, sandbox.store.transaction():
        base = project.head(sandbox)
        if base is None:
            raise NotPossible("The repository has no commit yet; land one first.")
        number = pullrequests.next_number(sandbox, project)
        ref = f"{_slug(title)}-{number}"
        sha = writing.commit(
            repository,
            parents=[base],
            message=title,
            author=AUTHOR,
            files=a_file(title),
            at_s=clock.now_ms() // 1000,
        )
        writing.move_ref(repository, f"refs/heads/{ref}", sha, "")
        sandbox.store.write(
            "insert into pulls (project, number, title, body, author, head_ref, head_sha,"
            " base_sha, created_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            project.name,
            number,
            title,
            body,
            AUTHOR_LOGIN,
            ref,
            sha,
            base,
            clock.now_ms(),
        )
        if bad:
            mark(sandbox, project, sha, bad=True)
        sandbox.journal.add("github", "pull_opened", project.name, cause, number=number, sha=sha)
        ci.begin(sandbox, project, sha)
        build = deployments.build(
            sandbox, project, cause, sha=sha, ref=ref, target=None, pull=number
        )
        return _pull(sandbox, project, number), build


def approve(
    sandbox: Sandbox, project: Project, cause: Cause, number: int, by: str = REVIEWER
) -> PullRequest:
    """Someone approves an open pull request. Raises NotPossible."""
    return review(sandbox, project, cause, number, by, "APPROVED")


def review(
    sandbox: Sandbox, project: Project, cause: Cause, number: int, by: str, state: str
) -> PullRequest:
    """Someone reviews an open pull request. Raises NotPossible."""
    with sandbox.store.transaction():
        pull = open_one(sandbox, project, number)
        if by == pull.author:
            raise NotPossible("Nobody can approve a pull request of their own.")
        reviews.add(sandbox, project, pull, by, state)
        pullrequests.touch(sandbox, project, number)
        sandbox.journal.add(
            "github",
            "review_submitted",
            project.name,
            cause,
            number=number,
            by=by,
            state=state,
        )
        return pull


def merge(sandbox: Sandbox, project: Project, cause: Cause, number: int) -> Landed:
    """Squash an open pull request onto the default branch. Raises NotPossible."""
    repository = project.repository(sandbox)
    with repository.writing, sandbox.store.transaction():
        pull = open_one(sandbox, project, number)
        body = f"\n\n{pull.body}" if pull.body else ""
        is_bad = sandbox.store.row(
            "select 1 from bad_commits where project = ? and sha = ?", project.name, pull.head_sha
        )
        landed = land(
            sandbox,
            project,
            cause,
            message=f"{pull.title} (#{number}){body}",
            bad=bool(is_bad),
            files=writing.changed_files(repository, pull.base_sha, pull.head_sha),
        )
        sandbox.store.write(
            "update pulls set merged_at = ?, merge_sha = ? where project = ? and number = ?",
            clock.now_ms(),
            landed.sha,
            project.name,
            number,
        )
        sandbox.journal.add(
            "github", "pull_merged", project.name, cause, number=number, sha=landed.sha
        )
        return landed


def mark(sandbox: Sandbox, project: Project, sha: str, *, bad: bool) -> None:
    """A bad commit raises errors and latency wherever it is live; or not any more."""
    sandbox.store.write("delete from bad_commits where project = ? and sha = ?", project.name, sha)
    if bad:
        sandbox.store.write(
            "insert into bad_commits (project, sha) values (?, ?)", project.name, sha
        )


def open_one(sandbox: Sandbox, project: Project, number: int) -> PullRequest:
    """An open pull request by its number. Raises NotPossible."""
    pull = pullrequests.find(sandbox, project, number)
    if pull is None:
        raise NotPossible(f"There is no pull request #{number}.")
    if pull.merged_at:
        raise NotPossible(f"Pull request #{number} is merged already.")
    return pull


def _pull(sandbox: Sandbox, project: Project, number: int) -> PullRequest:
    pull = pullrequests.find(sandbox, project, number)
    assert pull is not None  # noqa: S101
    return pull


def _first_line(message: str) -> str:
    return message.strip().split("\n", 1)[0]


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:40] or "change"
