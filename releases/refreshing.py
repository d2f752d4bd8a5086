"""Having one object read again: a branch, a pull request, the checks of a commit.

It is asked for by a webhook or a person and done by a worker, by the same functions as regular
polling. A burst that names one object leads to one reading of it.
"""

from dataclasses import dataclass

from agentmesh_release.core import polls
from agentmesh_release.providers.github import webhooks as github

from .models.branch_protection import BranchProtection
from .models.project import Project
from .models.pull_request import PullRequest
from .production import checklists

GATHER_S = 0.5  # how long a burst is gathered


@dataclass(frozen=True)
class Refresh:
    """Whether what was named is read for the project at all, and what happens or why not."""

    is_read: bool
    sentence: str


def trunk(project: Project) -> None:
    """Have the default branch, the tags and the list of open pull requests read soon."""
    polls.hurry("github", project.slug, within_s=GATHER_S)


def everything(project: Project) -> None:
    """Have the trunk read soon, and how it is guarded."""
    BranchProtection.objects.filter(project=project).update(is_due=True)
    trunk(project)


def pull_request(project: Project, number: int) -> None:
    """Have one pull request read soon."""
    polls.once("github-pull", f"{project.slug}#{number}", within_s=GATHER_S)


def checks(project: Project, sha: str) -> None:
    """Have the checks of one commit read soon."""
    polls.once("github-checks", f"{project.slug}@{sha}", within_s=GATHER_S)


def shas(project: Project) -> set[str]:
    """The commits whose checks are read each time: the trunk's head, what is asked to go out."""
    asked = {each.release.commit_sha for each in checklists.asked_for(project)}
    return {project.trunk_sha, *asked} - {""}


def refresh(project: Project, touched: github.Touched) -> Refresh:
    """Have read what GitHub says was touched, as far as it is read for that project."""
    match touched:
        case github.Ref(kind, name):
            return _ref(project, kind, name)
        case github.Pull(number):
            pull_request(project, number)
            return Refresh(True, f"Pull request #{number} is read again.")
        case github.Checks(sha):
            return _checks(project, sha)
        case github.Builds():
            polls.hurry("vercel", project.slug, within_s=GATHER_S)
            return Refresh(True, "The builds are read again.")
        case github.Alerts():
            polls.hurry("security-alerts", project.slug, within_s=GATHER_S)
            return Refresh(True, "The security alerts are read again.")
        case github.Hook(number):
            polls.hurry("github-hook", project.repository, within_s=GATHER_S)
            return Refresh(True, f"GitHub says hello: its webhook {number} reaches this house.")
        case github.Everything():
            everything(project)
            return Refresh(True, "The repository and its rules are read again.")


def _ref(project: Project, kind: str, name: str) -> Refresh:
    if kind == "branch" and name != project.default_branch:
        return Refresh(False, f"The branch {name} is not read here.")
    trunk(project)
    return Refresh(True, f"The {kind} {name} is read again.")


def _checks(project: Project, sha: str) -> Refresh:
    """One that is not known yet is read with the reading that finds it."""
    heads = PullRequest.objects.filter(project=project, head_sha=sha).open()
    if sha not in shas(project) and not heads.exists():
        return Refresh(False, f"The checks of {sha[:7]} are not read here.")
    checks(project, sha)
    return Refresh(True, f"The checks of {sha[:7]} are read again.")
