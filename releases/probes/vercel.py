"""Whether Vercel tells and lets do what a promotion needs, and whether only we go live there."""

from datetime import timedelta
from itertools import islice

from django.conf import settings
from django.utils import timezone

from agentmesh_release.providers import vercel
from agentmesh_release.providers.vercel import Vercel

from ..models.project import Project
from .findings import Finding, Findings, Mends

SOON = timedelta(days=14)
CLOSE_IT = (
    "Close the bypass: on the project's settings page here, or at Vercel in the project's settings "
    "under Environments, Production: “Auto-assign Custom Production Domains”."
)


def examine(project: Project, domain: str) -> list[Finding]:
    """Ask about the token, the project, its builds, its production domain and the bypass."""
    findings = Findings(_mends(project))
    if not project.vercel_project_id:
        findings.note(
            "failed", "Project", "No Vercel project is named.", "Enter its id, prj_…, or its name."
        )
        return findings.found
    client = findings.ask("Project", project.vercel)
    if client is None:
        return findings.found
    seen = findings.ask("Project", lambda: client.project(project.vercel_project_id))
    if seen is None:
        return findings.found
    _judge_project(findings, project, seen)
    _token(findings, client, project)
    _deployments(findings, client, seen)
    _domain(findings, client, seen, domain)
    _bypass(findings, seen)
    return findings.found


def _mends(project: Project) -> Mends:
    team = f"the team {project.vercel_team_id}" if project.vercel_team_id else "the owning team"
    return Mends(
        "Vercel",
        project.vercel_token_name,
        f"VERCEL_API_URL ({settings.VERCEL_API_URL})",
        "Mend the project's id. What a team owns is only found with the team's id, team_….",
        forbidden=f"Put a token that reaches {team} into {project.vercel_token_name}, and check "
        "the team's id, team_…: Vercel refuses a token of another team.",
    )


def _judge_project(findings: Findings, project: Project, seen: vercel.Project) -> None:
    linked, branch = seen.repository, seen.production_branch
    if linked and linked.lower() != project.repository.lower():
        findings.note(
            "failed",
            "Project",
            f"{seen.name} builds {linked}, not {project.repository or 'a repository named here'}.",
            "Enter the Vercel project of this repository, or connect it at Vercel.",
        )
    elif branch and branch != project.default_branch:
        findings.note(
            "failed",
            "Project",
            f"{seen.name} makes production builds of {branch}, not of {project.default_branch}.",
            "Set the same branch here and at Vercel.",
        )
    else:
        findings.passed("Project", f"{seen.name} answers.")


def _token(findings: Findings, client: Vercel, project: Project) -> None:
    """What a token of a project reaches Vercel does not tell, and then nothing is said here."""
    token = findings.ask("Token", client.token, soft=True)
    if token is None:
        return
    name = token.name or project.vercel_token_name
    if token.expires_at and token.expires_at < timezone.now() + SOON:
        ends = "ends" if token.expires_at > timezone.now() else "ended"
        findings.note(
            "inconclusive",
            "Token",
            f"{name} {ends} on {token.expires_at:%d %B %Y}.",
            f"Make a new token in time and put it into {project.vercel_token_name}.",
        )
        return
    reach = "everything that its owner may" if "user" in token.scopes else "one team"
    findings.passed("Token", f"{name} reaches {reach}.")


def _deployments(findings: Findings, client: Vercel, seen: vercel.Project) -> None:
    builds = findings.ask("Builds", lambda: list(islice(client.deployments(seen.id), 1)))
    if builds is None:
        return
    newest = f"; the newest is {builds[0].state}" if builds else "; there is none yet"
    findings.passed("Builds", f"They can be read{newest}.")


def _domain(findings: Findings, client: Vercel, seen: vercel.Project, domain: str) -> None:
    about = "Production domain"
    domains = findings.ask(about, lambda: client.domains(seen.id))
    if domains is None:
        return
    named = {each.name: each for each in domains}
    others = ", ".join(sorted(named.keys() - {domain})) or "none"
    if not domain:
        findings.note("failed", about, "No production domain is named.", f"Vercel has: {others}.")
    elif domain not in named:
        findings.note(
            "failed",
            about,
            f"{domain} is not a production domain of {seen.name}.",
            f"Add it at Vercel, or enter one of its own: {others}.",
        )
    elif not named[domain].verified:
        findings.note(
            "failed",
            about,
            f"{domain} is not verified, so Vercel gives it to no build.",
            "Set the DNS records that Vercel shows for it.",
        )
    elif redirect := named[domain].redirect:
        findings.note(
            "failed",
            about,
            f"{domain} only redirects to {redirect}, so it shows no build.",
            f"Enter {redirect}.",
        )
    else:
        beside = f" Vercel moves these along: {others}." if len(named) > 1 else ""
        findings.passed(about, f"{domain} is verified.{beside}")


def _bypass(findings: Findings, seen: vercel.Project) -> None:
    about = "Bypass"
    if seen.auto_assign_custom_domains is None:
        findings.note(
            "inconclusive",
            about,
            "Vercel does not say whether it assigns production domains by itself.",
            "Look at the project's settings at Vercel.",
        )
    elif seen.auto_assign_custom_domains:
        findings.note(
            "failed",
            about,
            "Vercel puts each finished build live by itself, past every gate.",
            CLOSE_IT,
        )
    else:
        findings.passed(about, "Closed: Vercel assigns no production domain by itself.")
