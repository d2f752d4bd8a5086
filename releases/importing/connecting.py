"""Where the providers know an imported repository, and what nobody has said yet."""

import re
from collections.abc import Iterator
from pathlib import Path

from agentmesh_release.core.connections import secret
from agentmesh_release.core.world import is_demo
from agentmesh_release.providers.errors import ProviderError

from .. import demo
from ..history import HistoryUnreadable
from ..history.git import Git
from ..models.environment import Environment
from ..models.project import Project
from .wishes import Wishes

APP_DATABASE = "APP_DATABASE_URL"
# https://git-scm.com/docs/git-clone#_git_urls, at GitHub.
_GITHUB = re.compile(
    r"(?:(?:https?|ssh|git)://(?:[^@/]+@)?|[^@/]+@)github\.com(?::\d+)?[:/]+"
    r"([A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+?)(?:\.git)?/?"
)


def connect(project: Project, path: Path, git: Git, wishes: Wishes) -> str:
    """Fill in where the providers know it; answers production's domain, empty if nobody said.

    In a demo world the sandbox takes the repository in, which may raise ProviderError.
    """
    if not project.app_database_url_name and _is_set(APP_DATABASE):
        project.app_database_url_name = APP_DATABASE
    if is_demo():
        domain = demo.connect(project, path)
    else:
        project.repository = project.repository or _at_github(git)
        domain = ""
    for field, value in wishes.said().items():
        setattr(project, field, value)
    return wishes.domain or domain


def missing(project: Project) -> Iterator[str]:
    """What is not known yet, in sentences; a gate that needs it stays inconclusive."""
    if is_demo():
        return
    if not project.repository:
        yield "Its repository at GitHub is not known: give --repository owner/name."
    if not project.vercel_project_id:
        yield "Its project at Vercel is not known: give --vercel-project."
    if (
        not project.environments.exclude(domain="")
        .filter(kind=Environment.Kind.PRODUCTION)
        .exists()
    ):
        yield "Its production domain is not known: give --domain."
    if not (project.prometheus_url and project.prometheus_job):
        yield "Its Prometheus is not known: give --prometheus-url and --prometheus-job."
    if not project.app_database_url_name:
        yield f"The app's database is not known: set {APP_DATABASE} or {APP_DATABASE}_FILE."


def trunk_of(git: Git) -> str:
    """The branch that the clone's origin calls its default, or empty."""
    try:
        named = git.text("symbolic-ref", "--quiet", "refs/remotes/origin/HEAD").strip()
    except HistoryUnreadable:
        return ""
    return named.removeprefix("refs/remotes/origin/")


def _is_set(name: str) -> bool:
    try:
        secret(name, "The app database")
    except ProviderError:
        return False
    return True


def _at_github(git: Git) -> str:
    """owner/name out of the address of `origin`, or empty."""
    try:
        address = git.text("config", "--get", "remote.origin.url").strip()
    except HistoryUnreadable:
        return ""
    found = _GITHUB.fullmatch(address)
    return found[1] if found else ""
