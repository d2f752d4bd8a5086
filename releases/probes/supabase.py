"""How the app's Supabase project is, and whether there is something to restore."""

from django.conf import settings

from agentmesh_release.providers.supabase import Supabase

from ..models.project import Project
from .findings import Finding, Findings, Mends


def examine(project: Project, domain: str) -> list[Finding]:
    """Ask about the project, its services and its backups."""
    findings = Findings(_mends(project))
    if not project.supabase_ref:
        findings.note(
            "inconclusive",
            "Project",
            "No Supabase project is named.",
            "Enter its ref; without one nothing is asked of Supabase.",
        )
        return findings.found
    client = findings.ask("Project", project.supabase)
    if client is None:
        return findings.found
    seen = findings.ask("Project", lambda: client.project(project.supabase_ref))
    if seen is None:
        return findings.found
    if seen.is_healthy:
        findings.passed("Project", f"{seen.name} in {seen.region} is healthy.")
    else:
        findings.note(
            "failed",
            "Project",
            f"Supabase calls {seen.name} {seen.status}.",
            "Look at it in Supabase's dashboard; a paused project has to be restored there.",
        )
    _services(findings, client, project.supabase_ref)
    _backups(findings, client, project.supabase_ref)
    return findings.found


def _mends(project: Project) -> Mends:
    name = project.supabase_token_name
    return Mends(
        "Supabase",
        name,
        f"SUPABASE_API_URL ({settings.SUPABASE_API_URL})",
        f"Mend the project's ref, or use a token of its organisation in {name}.",
        forbidden=f"Put a token into {name} whose owner is a member of the project's organisation "
        "and, if it is a scoped one, that may read projects, health and backups.",
    )


def _services(findings: Findings, client: Supabase, ref: str) -> None:
    services = findings.ask("Services", lambda: client.health(ref))
    if services is None:
        return
    bad = [each for each in services if not each.is_healthy]
    if not services:
        findings.note("inconclusive", "Services", "Supabase lists no service.", "Test again later.")
    elif bad:
        said = ", ".join(f"{each.name} {each.error or each.status}" for each in bad)
        findings.note(
            "failed", "Services", f"Not healthy: {said}.", "Look at them in Supabase's dashboard."
        )
    else:
        findings.passed("Services", f"Healthy: {', '.join(each.name for each in services)}.")


def _backups(findings: Findings, client: Supabase, ref: str) -> None:
    """The way back where a rollback of the build is not safe."""
    backups = findings.ask("Backups", lambda: client.backups(ref), soft=True)
    if backups is None:
        return
    if backups.point_in_time and backups.earliest and backups.latest:
        findings.passed(
            "Backups",
            f"Any moment from {backups.earliest:%d %b %H:%M} to {backups.latest:%d %b %H:%M} UTC "
            "can be restored.",
        )
    elif backups.count:
        findings.passed("Backups", f"{backups.count} daily ones; writes since the last are lost.")
    else:
        findings.note(
            "inconclusive",
            "Backups",
            "There is nothing to restore.",
            "Switch backups on at Supabase: a contract migration has no other way back.",
        )
