"""One probe per provider, each of them bounded in time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from agentmesh_release.core.gates import State
from agentmesh_release.providers import deadlines

from ..models.project import Project
from . import app_database, github, prometheus, supabase, vercel
from .findings import Finding

# A person waits for it; it is longer than a client waits for one answer.
PATIENCE_S = 12.0


@dataclass(frozen=True)
class Subject:
    """What is tested: a project, stored or not, and its production domain."""

    project: Project
    domain: str


@dataclass(frozen=True)
class Probe:
    """How one provider is tested; `examine` asks the provider and nobody else, no database of ours
    either, so that probes can run side by side. `is_wanted`: whether the project has it at all."""

    name: str
    label: str
    examine: Callable[[Project, str], list[Finding]]
    is_wanted: Callable[[Project], bool] = lambda project: True


PROBES = {
    probe.name: probe
    for probe in (
        Probe("github", "GitHub", github.examine),
        Probe("vercel", "Vercel", vercel.examine),
        Probe("supabase", "Supabase", supabase.examine, lambda project: bool(project.supabase_ref)),
        Probe(
            "app-database",
            "App database",
            app_database.examine,
            lambda project: bool(project.app_database_url_name),
        ),
        Probe("prometheus", "Prometheus", prometheus.examine),
    )
}
_WORST_FIRST: tuple[State, ...] = ("failed", "inconclusive", "pending", "waived", "passed")


def examine(probe: Probe, subject: Subject, patience_s: float = PATIENCE_S) -> list[Finding]:
    """What the provider answers now, within so many seconds; never raises ProviderError."""
    with deadlines.before(time.monotonic() + patience_s):
        return probe.examine(subject.project, subject.domain)


def worst(findings: list[Finding]) -> Finding:
    """The finding that says most about whether the connection will do."""
    needed = [finding for finding in findings if not finding.is_optional]
    return min(needed, key=lambda finding: _WORST_FIRST.index(finding.state))
