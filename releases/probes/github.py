"""Whether GitHub tells and lets do what a release needs."""

from itertools import islice

from django.conf import settings

from agentmesh_release.core.connections import APP_ID, APP_KEY, is_app
from agentmesh_release.core.figures import count
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import (
    AlertSource,
    Branch,
    GitHub,
    Protection,
    Repository,
    Unknown,
)

from ..models.project import Project
from .findings import Finding, Findings, Mends

# https://docs.github.com/en/rest/authentication/permissions-required-for-fine-grained-personal-access-tokens
PERMISSIONS = {
    "Repository": "access to this repository (Metadata: read)",
    "Branch": "the permission Contents: read",
    "Migrations": "the permission Contents: read",
    "Checks": "the permission Checks: read",
    "Statuses": "the permission Commit statuses: read",
    "Pull requests": "the permission Pull requests: read",
    "Tags and releases": "the permission Contents: read and write",
    "Branch protection": "the permission Administration: read",
    "Security alerts": "the permissions Code scanning alerts, Dependabot alerts and Secret "
    "scanning alerts: read",
}
NO_REPOSITORY = "Enter the repository as owner/name."


def examine(project: Project, domain: str) -> list[Finding]:
    """Ask about the repository, its branch, and each permission that is needed there."""
    findings = Findings(_mends(project))
    if not project.repository:
        findings.note("failed", "Repository", "No repository is named.", NO_REPOSITORY)
        return findings.found
    client = findings.ask("Repository", project.github)
    if client is None:
        return findings.found
    repository = findings.ask("Repository", lambda: client.repositories.get(project.repository))
    if repository is None:
        return findings.found
    _judge_repository(findings, project, repository)
    branch = _branch(findings, client, project, repository)
    if branch:
        _permissions(findings, client, project, branch)
    return findings.found


def _mends(project: Project) -> Mends:
    name = project.github_token_name
    app = f"the GitHub App ({APP_ID}, {APP_KEY})" if is_app(name) else ""
    access = "install the GitHub App for" if app else f"give the token in {name} access to"
    return Mends(
        "GitHub",
        name,
        f"GITHUB_API_URL ({settings.GITHUB_API_URL})",
        f"Mend the repository's name, or {access} it: GitHub calls a private repository “not "
        "found” to whoever may not see it.",
        PERMISSIONS,
        app=app,
    )


def _judge_repository(findings: Findings, project: Project, repository: Repository) -> None:
    if repository.full_name.lower() != project.repository.lower():
        findings.note(
            "failed",
            "Repository",
            f"{project.repository} is called {repository.full_name} by now.",
            f"Enter {repository.full_name}: nothing is written to a name that has moved.",
        )
    elif repository.archived:
        findings.note(
            "failed",
            "Repository",
            f"{repository.full_name} is archived at GitHub, so it takes no tags.",
            "Unarchive it there.",
        )
    else:
        kind = "private" if repository.private else "public"
        findings.passed("Repository", f"{repository.full_name} answers; it is {kind}.")


def _branch(
    findings: Findings, client: GitHub, project: Project, repository: Repository
) -> Branch | None:
    usual = repository.default_branch
    branch = findings.ask(
        "Branch",
        lambda: client.repositories.branch(project.repository, project.default_branch),
        f"Enter {usual}, its default branch." if usual != project.default_branch else "Push to it.",
    )
    if branch:
        findings.passed("Branch", f"{branch.name} is at {branch.sha[:7]}.")
    return branch


def _permissions(findings: Findings, client: GitHub, project: Project, branch: Branch) -> None:
    repo, sha = project.repository, branch.sha
    runs = findings.ask("Checks", lambda: client.checks.runs(repo, sha))
    if runs is not None:
        findings.passed("Checks", f"They can be read; {branch.name} has {count(len(runs), 'run')}.")
    statuses = findings.ask("Statuses", lambda: client.checks.statuses(repo, sha))
    if statuses is not None:
        findings.passed("Statuses", "They can be read.")
    pulls = findings.ask(
        "Pull requests", lambda: list(islice(client.pulls.open(repo, base=branch.name), 1))
    )
    if pulls is not None:
        findings.passed("Pull requests", "They can be read.")
    _migrations(findings, client, project, sha)
    _publishing(findings, client, project)
    _protection(findings, client, project)
    _alerts(findings, client, project)


def _migrations(findings: Findings, client: GitHub, project: Project, sha: str) -> None:
    about, path = "Migrations", project.migrations_path
    try:
        folder = client.contents.directory(project.repository, path, sha)
    except ProviderError as error:
        if error.status != 404:
            findings.fail(about, error)
        elif path == Project.MIGRATIONS_PATH:
            findings.passed(about, f"{project.default_branch} has no {path}, so there are none.")
        else:
            findings.note(
                "inconclusive",
                about,
                f"{project.default_branch} has no folder {path}.",
                "Mend the path: without the folder there would be no migrations to check.",
            )
        return
    found = sum(entry.kind == "dir" for entry in folder.entries)
    findings.passed(about, f"{path} has {count(found, 'migration')}.")


def _publishing(findings: Findings, client: GitHub, project: Project) -> None:
    about = "Tags and releases"

    def try_it() -> bool:
        client.releases.may_write(project.repository, project.default_branch)
        return True

    mend = f"Give {findings.mends.holder} {PERMISSIONS[about]}."
    if findings.ask(about, try_it, mend):
        findings.passed(about, "The token may write them.")


def _protection(findings: Findings, client: GitHub, project: Project) -> None:
    about = "Branch protection"
    found: Protection | None = findings.ask(
        about, lambda: client.protection.read(project.repository, project.default_branch), soft=True
    )
    if found is None:
        return
    if isinstance(found.classic, Unknown) and isinstance(found.rules, Unknown):
        mend = f"Give {findings.mends.holder} {PERMISSIONS[about]}."
        findings.note("inconclusive", about, found.classic.why, mend)
        return
    known = "Protection and rules can be read."
    if not found.is_known:
        known = (
            "Rules can be read. Of classic protection GitHub says “not found”, which is also what "
            "it says where there is none."
        )
    findings.passed(about, known)


def _alerts(findings: Findings, client: GitHub, project: Project) -> None:
    """Scans can be reported instead, so the product can do without them."""
    about = "Security alerts"
    unread: dict[AlertSource, str] = {}
    for source in AlertSource:
        try:
            answer = client.alerts.open(project.repository, source)
        except ProviderError as error:
            answer = Unknown(str(error))
        if isinstance(answer, Unknown):
            unread[source] = answer.why
    if not unread:
        findings.passed(about, "All three kinds can be read.")
        return
    names = ", ".join(source.value.replace("-", " ") for source in unread)
    mend = (
        f"Switch it on at GitHub, or give {findings.mends.holder} {PERMISSIONS[about]}. Reports of "
        "scans by CI will do instead."
    )
    why = next(iter(unread.values()))
    finding = Finding("inconclusive", about, f"Not read: {names}. {why}", mend, is_optional=True)
    findings.found.append(finding)
