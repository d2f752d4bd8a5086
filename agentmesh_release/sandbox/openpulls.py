"""What happens to an open pull request: reviews, and the author's answers to them."""

from . import clock, trunk
from .git import writing
from .github import ci, pullrequests, reviews
from .github.pullrequests import PullRequest
from .journal import Cause
from .project import Project
from .sandbox import Sandbox
from .trunk import NotPossible
from .vercel import deployments


def ask_for_changes(
    sandbox: Sandbox, project: Project, cause: Cause, number: int, by: str
) -> PullRequest:
    """Someone wants it otherwise. Raises NotPossible."""
    return trunk.review(sandbox, project, cause, number, by, "CHANGES_REQUESTED")


def dismiss(sandbox: Sandbox, project: Project, cause: Cause, number: int) -> list[str]:
    """Every review that says yes or no is dismissed; answers whose. Raises NotPossible."""
    with sandbox.store.transaction():
        pull = trunk.open_one(sandbox, project, number)
        given = reviews.of(sandbox, project, number)
        ids = [row["id"] for row in given if row["state"] in reviews.DECISIVE]
        if not ids:
            raise NotPossible(f"Nobody has decided about #{number} yet.")
        for each in ids:
            sandbox.store.write("update reviews set state = 'DISMISSED' where id = ?", each)
        pullrequests.touch(sandbox, project, pull.number)
        sandbox.journal.add(
            "github", "review_dismissed", project.name, cause, number=number, reviews=ids
        )
        return sorted({row["login"] for row in given if row["id"] in ids})


def push(
    sandbox: Sandbox, project: Project, cause: Cause, number: int, message: str
) -> PullRequest:
    """One more commit on its branch: checks and a preview begin anew. Raises NotPossible."""
    repository = project.repository(sandbox)
    with repository.writing, sandbox.store.transaction():
        pull = trunk.open_one(sandbox, project, number)
        sha = writing.commit(
            repository,
            parents=[pull.head_sha],
            message=message,
            author=trunk.AUTHOR,
            files=trunk.a_file(message),
            at_s=clock.now_ms() // 1000,
        )
        return _moved(sandbox, project, cause, pull, sha, pull.base_sha)


def rebase(sandbox: Sandbox, project: Project, cause: Cause, number: int) -> PullRequest:
    """Its changes as one commit on the newest of the default branch. Raises NotPossible."""
    repository = project.repository(sandbox)
    with repository.writing, sandbox.store.transaction():
        pull = trunk.open_one(sandbox, project, number)
        base = project.head(sandbox) or pull.base_sha
        sha = writing.commit(
            repository,
            parents=[base],
            message=pull.title,
            author=trunk.AUTHOR,
            files=writing.changed_files(repository, pull.base_sha, pull.head_sha),
            at_s=clock.now_ms() // 1000,
        )
        return _moved(sandbox, project, cause, pull, sha, base)


def retitle(
    sandbox: Sandbox, project: Project, cause: Cause, number: int, title: str
) -> PullRequest:
    """Another title. Raises NotPossible."""
    with sandbox.store.transaction():
        trunk.open_one(sandbox, project, number)
        sandbox.store.write(
            "update pulls set title = ? where project = ? and number = ?",
            title,
            project.name,
            number,
        )
        pullrequests.touch(sandbox, project, number)
        sandbox.journal.add("github", "pull_edited", project.name, cause, number=number)
        return trunk.open_one(sandbox, project, number)


def _moved(
    sandbox: Sandbox, project: Project, cause: Cause, pull: PullRequest, sha: str, base: str
) -> PullRequest:
    writing.move_ref(project.repository(sandbox), f"refs/heads/{pull.head_ref}", sha, pull.head_sha)
    sandbox.store.write(
        "update pulls set head_sha = ?, base_sha = ? where project = ? and number = ?",
        sha,
        base,
        project.name,
        pull.number,
    )
    pullrequests.touch(sandbox, project, pull.number)
    sandbox.journal.add(
        "github", "pull_synchronized", project.name, cause, number=pull.number, sha=sha
    )
    ci.begin(sandbox, project, sha)
    deployments.build(
        sandbox, project, cause, sha=sha, ref=pull.head_ref, target=None, pull=pull.number
    )
    return trunk.open_one(sandbox, project, pull.number)
