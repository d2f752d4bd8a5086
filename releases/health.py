"""The health of what the projects' providers answer, for `doctor`."""

from collections.abc import Callable

from agentmesh_release.core.health import Part, part_sources
from agentmesh_release.providers.errors import ProviderError

from .models.environment import Environment
from .models.project import Project

Ask = Callable[[Project], str]
WAIT = "It is asked again by itself; only if it lasts: "


def providers() -> list[Part]:
    """Ask GitHub, Vercel and Prometheus of each project just now."""
    return [
        _part(f"{name} of {project.slug}", project, ask, mend)
        for project in Project.objects.all()
        for name, ask, mend in _ASKED
    ]


def _github(project: Project) -> str:
    branch = project.github().repositories.branch(project.repository, project.default_branch)
    return f"{project.repository} answers; {branch.name} is at {branch.sha[:7]}."


def _vercel(project: Project) -> str:
    seen = project.vercel().project(project.vercel_project_id)
    production = project.environments.get(kind=Environment.Kind.PRODUCTION)
    open_bypass = (
        " It assigns production domains by itself." if seen.auto_assign_custom_domains else ""
    )
    return f"{seen.name} answers for {production.domain}.{open_bypass}"


def _prometheus(project: Project) -> str:
    up = project.prometheus().query(f'up{{job="{project.prometheus_job}"}}')
    known = "1 instance" if len(up.samples) == 1 else f"{len(up.samples)} instances"
    return f"It answers, and knows {known} of {project.prometheus_job}."


_ASKED: list[tuple[str, Ask, str]] = [
    ("GitHub", _github, "Mend the project's repository, branch or token."),
    ("Vercel", _vercel, "Mend the project's Vercel id, team or token."),
    ("Prometheus", _prometheus, "Mend the project's Prometheus address."),
]


def _part(name: str, project: Project, ask: Ask, mend: str) -> Part:
    try:
        return Part(name, "passed", ask(project))
    except ProviderError as error:
        return Part(name, "failed", str(error), mend if error.permanent else WAIT + mend)


part_sources.register("providers", providers)
