"""The demo world: a repository on disk becomes one that all providers know, by the sandbox."""

from pathlib import Path

from django.conf import settings

from agentmesh_release.providers.answers import Vendor
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.http import Http, Timeouts

from .models.project import Project

# Short, so that a newcomer sees a promotion end; a real one watches for as long as its policy says.
WATCH_S = 60
WELCOME = "docs: say where the demo's data come from"
_REGISTERED = frozenset({200, 201})
# Cloning 16,000 commits takes a second or so.
_PATIENCE = Timeouts(read_s=60, total_s=60)


def open_pull_request(project: Project) -> None:
    """A pull request to look at from the first minute on. Raises ProviderError."""
    values = {
        "project": project.slug,
        "title": WELCOME,
        "body": "Close it or merge it as you like.",
    }
    _sandbox().ask(Ask("POST", "/_control/pulls", json=values))


def connect(project: Project, path: Path) -> str:
    """Register the repository with the sandbox, or have it fetched again, and fill the project in.

    Answers the production domain. Raises ProviderError.
    """
    if not settings.SANDBOX_URL:
        raise ProviderError("The sandbox is not running: start the house with `make run` first.")
    ask = Ask(
        "POST",
        "/_control/repositories",
        json={"path": str(path), "name": project.slug, "refresh": True},
        repeatable=True,
        expect=_REGISTERED,
    )
    answer = _sandbox().ask(ask)
    known = Fields.of(answer.data, "The sandbox's repository")
    project.repository = known.text("repository")
    project.vercel_project_id = known.text("vercel_project_id")
    project.prometheus_job = known.text("prometheus_job")
    project.default_branch = known.maybe_text("default_branch") or project.default_branch
    if project.pk is None:
        project.watch_s = WATCH_S
        project.reports_back = True
    return known.text("production_domain")


def _sandbox() -> Http:
    return Http(Vendor("The sandbox"), settings.SANDBOX_URL, timeouts=_PATIENCE)
