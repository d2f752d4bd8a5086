"""The health of the projects' providers, for `doctor`: what the connection tests say."""

from concurrent.futures import ThreadPoolExecutor

from agentmesh_release.core.health import Part, State, part_sources
from agentmesh_release.core.world import world

from .models.environment import Environment
from .models.project import Project
from .probes import PROBES, Probe, Subject, examine
from .probes.probe import worst

_AT_ONCE = 16


def providers() -> list[Part]:
    """Ask the providers of each project just now, side by side."""
    projects = Project.objects.active().prefetch_related("environments")
    questions = [
        (probe, Subject(project, _domain(project)))
        for project in projects
        for probe in PROBES.values()
        if probe.is_wanted(project)
    ]
    world()  # remembered from here on: the threads have nothing to ask the database
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        return list(threads.map(_part, questions))


def _domain(project: Project) -> str:
    kind = Environment.Kind.PRODUCTION
    return next((each.domain for each in project.environments.all() if each.kind == kind), "")


def _part(question: tuple[Probe, Subject]) -> Part:
    """The first of the worst findings; of one that is well, all that was found."""
    probe, subject = question
    findings = examine(probe, subject)
    finding, name = worst(findings), f"{probe.label} of {subject.project.slug}"
    if finding.state == "passed":
        return Part(name, "passed", " ".join(each.sentence for each in findings[:2]))
    state: State = "failed" if finding.state == "failed" else "inconclusive"
    return Part(name, state, f"{finding.about}: {finding.sentence}", finding.mend)


part_sources.register("providers", providers)
