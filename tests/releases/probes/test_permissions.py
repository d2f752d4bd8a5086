"""What a connection test asks for beside a plain answer: permissions, names, the bypass."""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from agentmesh_release.core.models import World
from agentmesh_release.providers.github import AlertSource
from releases.models import Project
from releases.probes import Finding
from releases.probes.probe import worst
from tests.providers.payloads import SHA
from tests.providers.stub import Stub, reply
from tests.providers.test_github_app import pem

from .conftest import DOMAIN, found

REPOSITORY = {
    "id": 1, "full_name": "acme/api", "default_branch": "main", "private": True, "archived": False,
}  # fmt: skip
AT = "/repos/acme/api"
REFUSED = {"message": "Resource not accessible by personal access token"}


def lacks(permission: str) -> Any:
    return reply(REFUSED, 403, x_accepted_github_permissions=permission)


@pytest.fixture
def github(stub: Stub) -> Stub:
    """A repository in which the token may do all that is needed."""
    stub.route(AT, reply(REPOSITORY))
    stub.route(f"{AT}/branches/main", reply({"name": "main", "commit": {"sha": SHA}}))
    stub.route(f"{AT}/commits/{SHA}/check-runs", reply({"total_count": 0, "check_runs": []}))
    stub.route(f"{AT}/commits/{SHA}/status", reply({"total_count": 0, "statuses": []}))
    stub.route(f"{AT}/pulls", reply([]))
    stub.route(f"{AT}/releases/generate-notes", reply({"name": "", "body": ""}))
    stub.route(f"{AT}/branches/main/protection", reply({}))
    stub.route(f"{AT}/rules/branches/main", reply([]))
    for source in AlertSource:
        stub.route(f"{AT}/{source}/alerts", reply([]))
    return stub


@pytest.fixture
def vercel(stub: Stub) -> Stub:
    """A Vercel project as it should be."""
    stub.route("/v9/projects/prj_api", reply(_vercel()))
    stub.route("/v7/deployments", reply({"deployments": [], "pagination": {"next": None}}))
    domains = [{"name": DOMAIN, "verified": True}]
    stub.route("/v9/projects/prj_api/domains", reply({"domains": domains}))
    return stub


def _vercel(**changed: object) -> dict[str, object]:
    link = {"org": "acme", "repo": "api", "productionBranch": "main"}
    return {
        "id": "prj_api", "name": "api", "link": link, "autoAssignCustomDomains": False, **changed,
    }  # fmt: skip


def by_subject(project: Project, provider: str) -> dict[str, Finding]:
    return {finding.about: finding for finding in found(project, provider)}


def test_a_token_that_may_do_all_passes(github: Stub, project: Project) -> None:
    findings = found(project, "github")
    assert {finding.state for finding in findings} == {"passed"}
    assert len(findings) == 9


@pytest.mark.parametrize(
    ("path", "needed", "about", "named"),
    [
        (f"{AT}/commits/{SHA}/check-runs", "checks=read", "Checks", "Checks: read"),
        (f"{AT}/commits/{SHA}/status", "statuses=read", "Statuses", "Commit statuses: read"),
        (f"{AT}/pulls", "pull_requests=read", "Pull requests", "Pull requests: read"),
        (
            f"{AT}/releases/generate-notes",
            "contents=write",
            "Tags and releases",
            "Contents: read and write",
        ),
    ],
)
def test_a_missing_permission_is_named(
    github: Stub, project: Project, path: str, needed: str, about: str, named: str
) -> None:
    github.route(path, lacks(needed))
    finding = by_subject(project, "github")[about]
    assert finding.state == "failed"
    assert f"the token lacks {needed.replace('=', ':')}" in finding.sentence
    assert f"Give the token in GITHUB_TOKEN the permission {named}" in finding.mend


def test_alerts_that_cannot_be_read_are_said_and_not_needed(github: Stub, project: Project) -> None:
    github.route(f"{AT}/code-scanning/alerts", lacks("security_events=read"))
    findings = found(project, "github")
    (alerts,) = (each for each in findings if each.about == "Security alerts")
    assert alerts.state == "inconclusive"
    assert "Not read: code scanning." in alerts.sentence
    assert "Code scanning alerts" in alerts.mend
    assert worst(findings).state == "passed"


def test_protection_that_cannot_be_read_is_unknown(github: Stub, project: Project) -> None:
    github.route(f"{AT}/branches/main/protection", lacks("administration=read"))
    github.route(f"{AT}/rules/branches/main", lacks("metadata=read"))
    finding = by_subject(project, "github")["Branch protection"]
    assert finding.state == "inconclusive"
    assert "Administration: read" in finding.mend


def test_a_branch_that_is_not_there_leads_to_the_one_that_is(
    github: Stub, project: Project
) -> None:
    project.default_branch = "trunk"
    finding = by_subject(project, "github")["Branch"]
    assert finding.state == "failed"
    assert finding.mend == "Enter main, its default branch."


@pytest.mark.parametrize(
    ("changed", "said"),
    [({"full_name": "acme/core"}, "is called acme/core by now"), ({"archived": True}, "archived")],
)
def test_a_repository_that_takes_no_tags_fails(
    github: Stub, project: Project, changed: dict[str, object], said: str
) -> None:
    github.route(AT, reply(REPOSITORY | changed))
    finding = by_subject(project, "github")["Repository"]
    assert finding.state == "failed"
    assert said in finding.sentence


def test_a_path_of_migrations_that_was_chosen_has_to_be_there(
    github: Stub, project: Project
) -> None:
    assert by_subject(project, "github")["Migrations"].state == "passed"
    project.migrations_path = "db/migrations"
    assert by_subject(project, "github")["Migrations"].state == "inconclusive"


def test_a_vercel_project_as_it_should_be_passes(vercel: Stub, project: Project) -> None:
    findings = found(project, "vercel")
    assert {finding.state for finding in findings} == {"passed"}
    assert "Closed" in findings[-1].sentence


@pytest.mark.parametrize(
    ("changed", "about", "said"),
    [
        ({"autoAssignCustomDomains": True}, "Bypass", "past every gate"),
        ({"autoAssignCustomDomains": None}, "Bypass", "does not say"),
        ({"link": {"org": "acme", "repo": "web"}}, "Project", "builds acme/web, not acme/api"),
        (
            {"link": {"org": "acme", "repo": "api", "productionBranch": "release"}},
            "Project",
            "production builds of release",
        ),
    ],
)
def test_what_is_wrong_at_vercel_is_said(
    vercel: Stub, project: Project, changed: dict[str, object], about: str, said: str
) -> None:
    vercel.route("/v9/projects/prj_api", reply(_vercel(**changed)))
    finding = by_subject(project, "vercel")[about]
    assert finding.state != "passed"
    assert said in finding.sentence
    assert finding.mend


@pytest.mark.parametrize(
    ("domains", "said"),
    [
        ([], "is not a production domain of api"),
        ([{"name": DOMAIN, "verified": False}], "is not verified"),
        ([{"name": DOMAIN, "verified": True, "redirect": "acme.com"}], "redirects to acme.com"),
    ],
)
def test_a_domain_that_shows_no_build_fails(
    vercel: Stub, project: Project, domains: list[dict[str, object]], said: str
) -> None:
    vercel.route("/v9/projects/prj_api/domains", reply({"domains": domains}))
    finding = by_subject(project, "vercel")["Production domain"]
    assert finding.state == "failed"
    assert said in finding.sentence


def test_a_token_that_ends_soon_is_said(vercel: Stub, project: Project) -> None:
    token = {"name": "release", "expiresAt": 1_000, "scopes": [{"type": "team"}]}
    vercel.route("/v5/user/tokens/current", reply({"token": token}))
    finding = by_subject(project, "vercel")["Token"]
    assert finding.state == "inconclusive"
    assert "release ended on" in finding.sentence


@pytest.mark.parametrize(
    ("result", "state", "said"),
    [
        ([], "failed", "knows no instance of the job api"),
        ([{"metric": {}, "value": [1, "0"]}], "failed", "cannot scrape api"),
        ([{"metric": {}, "value": [1, "1"]}], "passed", "1\N{NO-BREAK SPACE}instance of api"),
    ],
)
def test_the_job_has_to_be_known(
    stub: Stub, project: Project, result: list[object], state: str, said: str
) -> None:
    data = {"status": "success", "data": {"resultType": "vector", "result": result}}
    stub.route("/api/v1/query", reply(data))
    finding = by_subject(project, "prometheus")["Job"]
    assert finding.state == state
    assert said in finding.sentence


def test_a_supabase_project_that_sleeps_fails(stub: Stub, project: Project) -> None:
    at = f"/v1/projects/{project.supabase_ref}"
    stub.route(at, reply({"name": "agentmesh", "status": "INACTIVE", "region": "eu"}))
    stub.route(f"{at}/health", reply([{"name": "db", "status": "UNHEALTHY"}]))
    stub.route(f"{at}/database/backups", reply({"pitr_enabled": False, "backups": []}))
    findings = by_subject(project, "supabase")
    assert "INACTIVE" in findings["Project"].sentence
    assert "db UNHEALTHY" in findings["Services"].sentence
    assert findings["Backups"].state == "inconclusive"


@pytest.mark.parametrize(
    ("field", "provider", "said"),
    [
        ("repository", "github", "No repository is named"),
        ("vercel_project_id", "vercel", "No Vercel project is named"),
        ("supabase_ref", "supabase", "No Supabase project is named"),
        ("prometheus_job", "prometheus", "No job is named"),
        ("prometheus_url", "prometheus", "not configured"),
        ("app_database_url_name", "app-database", "which variable"),
    ],
)
def test_what_is_not_named_is_not_asked(
    stub: Stub, project: Project, field: str, provider: str, said: str
) -> None:
    setattr(project, field, "")
    (finding,) = found(project, provider)
    assert finding.state != "passed"
    assert said in finding.sentence
    assert finding.mend
    assert not stub.seen


@pytest.fixture
def app(github: Stub, real_world: World, monkeypatch: pytest.MonkeyPatch) -> Stub:
    """The same repository, read as a GitHub App since no token is set."""
    monkeypatch.delenv("GITHUB_TOKEN")
    monkeypatch.setenv("GITHUB_APP_ID", "42")
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    monkeypatch.setenv("GITHUB_APP_PRIVATE_KEY", pem(key))
    github.route(f"{AT}/installation", reply({"id": 7}))
    token = {"token": "ghs_of_the_app", "expires_at": "2099-01-01T00:00:00Z"}
    github.route("/app/installations/7/access_tokens", reply(token, 201))
    return github


def test_an_app_is_given_what_it_lacks(app: Stub, project: Project) -> None:
    assert by_subject(project, "github")["Repository"].state == "passed"
    app.route(f"{AT}/pulls", lacks("pull_requests=read"))
    mend = by_subject(project, "github")["Pull requests"].mend
    assert mend.startswith("Give the GitHub App (GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY)")


def test_an_app_that_is_not_installed_is_told_where(app: Stub, project: Project) -> None:
    app.route(f"{AT}/installation", reply({"message": "Not Found"}, 404))
    (finding,) = found(project, "github")
    assert "is not installed for acme/api" in finding.sentence
    assert "install the GitHub App for it" in finding.mend
