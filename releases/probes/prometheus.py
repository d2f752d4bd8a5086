"""Whether Prometheus answers, and knows the project's job."""

from agentmesh_release.core.figures import count
from agentmesh_release.providers.prometheus import Sample, Vector

from ..models.project import Project
from .findings import Finding, Findings, Mends


def examine(project: Project, domain: str) -> list[Finding]:
    """Ask a query, and which instances of the job there are."""
    findings, job = Findings(_mends(project)), project.prometheus_job
    client = findings.ask("Connection", project.prometheus)
    if client is None:
        return findings.found
    if not job:
        findings.note("failed", "Job", "No job is named.", "Enter the label job of its metrics.")
        return findings.found
    answer = findings.ask("Connection", lambda: client.query(f'up{{job="{_quoted(job)}"}}'))
    if answer is not None:
        _connection(findings, answer)
        _job(findings, job, answer)
    return findings.found


def _mends(project: Project) -> Mends:
    token = project.prometheus_token_name
    return Mends(
        "Prometheus",
        token,
        f"the address {project.prometheus_url}" if project.prometheus_url else "the address",
        "Mend the address: where /api/v1/query answers, without that path. A private one has "
        "to be in ALLOWED_PRIVATE_ADDRESSES.",
        forbidden=f"Let the token in {token} query, or use another one." if token else "",
        is_reached_by_name=True,
    )


def _connection(findings: Findings, answer: Vector) -> None:
    if answer.partial:
        why = "; ".join(answer.warnings)[:300] or "it does not say why"
        findings.note(
            "inconclusive",
            "Connection",
            f"It answers only in part: {why}.",
            "Look at its storage and its remote read; what is missing does not count as well.",
        )
    else:
        findings.passed("Connection", "It answers queries.")


def _job(findings: Findings, job: str, answer: Vector) -> None:
    up = [each for each in answer.samples if isinstance(each, Sample)]
    if not up:
        findings.note(
            "failed",
            "Job",
            f"It knows no instance of the job {job}.",
            "Mend the job, or have Prometheus scrape it.",
        )
    elif not any(each.value == 1.0 for each in up):
        down = count(len(up), "instance is", "instances are")
        findings.note(
            "failed",
            "Job",
            f"It cannot scrape {job}: {down} down.",
            "Look at Prometheus's page of targets.",
        )
    else:
        findings.passed("Job", f"It knows {count(len(up), 'instance')} of {job}.")


def _quoted(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"')
