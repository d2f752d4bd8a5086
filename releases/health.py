"""The health of what the projects' providers answer, for `doctor`."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from agentmesh_release.core.health import Part, part_sources
from agentmesh_release.core.world import world
from agentmesh_release.providers.errors import ProviderError

from .models.environment import Environment
from .models.project import Project

Ask = Callable[[Project], str]
PRODUCTION = Environment.Kind.PRODUCTION
_AT_ONCE = 16
WAIT = "It is asked again by itself; only if it lasts: "


def providers() -> list[Part]:
    """Ask GitHub, Vercel and Prometheus of each project just now, side by side."""
    projects = Project.objects.prefetch_related("environments")
    questions = [(project, *asked) for project in projects for asked in _ASKED]
    world()  # remembered from here on: the threads have nothing to ask the database
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(_part, questions))


def _github(project: Project) -> str:
    branch = project.github().repositories.branch(project.repository, project.default_branch)
    return f"{project.repository} answers; {branch.name} is at {branch.sha[:7]}."


def _vercel(project: Project) -> str:
    seen = project.vercel().project(project.vercel_project_id)
    domains = [each.domain for each in project.environments.all() if each.kind == PRODUCTION]
    open_bypass = (
        " It assigns production domains by itself." if seen.auto_assign_custom_domains else ""
    )
    return f"{seen.name} answers for {', '.join(domains)}.{open_bypass}"


def _prometheus(project: Project) -> str:
    up = project.prometheus().query(f'up{{job="{project.prometheus_job}"}}')
    known = "1 instance" if len(up.samples) == 1 else f"{len(up.samples)} instances"
    return f"It answers, and knows {known} of {project.prometheus_job}."


_ASKED: list[tuple[str, Ask, str]] = [
    ("GitHub", _github, "Mend the project's repository, branch or token."),
    ("Vercel", _vercel, "Mend the project's Vercel id, team or token."),
    ("Prometheus", _prometheus, "Mend the project's Prometheus address."),
]


def _part(question: tuple[Project, str, Ask, str]) -> Part:
    project, provider, ask, mend = question
    name = f"{provider} of {project.slug}"
    try:
        return Part(name, "passed", ask(project))
    except ProviderError as error:
        return Part(name, "failed", str(error), mend if error.permanent else WAIT + mend)


part_sources.register("providers", providers)
