"""What the sandbox answers is what the vendors' own documents say."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from tests.providers.contracts import Contract

from .apps import App
from .conftest import Registered, register
from .running import Answer

CONTRACTS = Path(__file__).parents[3] / "shared" / "contracts"
pytestmark = [
    pytest.mark.contracts,
    pytest.mark.skipif(not CONTRACTS.is_dir(), reason="The vendors' contracts are not beside us."),
]
PREFIXES = {
    "github": "/github",
    "vercel": "/vercel",
    "supabase": "/supabase",
    "pagerduty-events-v2": "/pagerduty/v2",
}


@cache
def contract(vendor: str) -> Contract:
    return Contract(CONTRACTS / f"{vendor}.json")


def sent(
    method: str,
    vendor: str,
    template: str,
    project: Registered,
    body: object = None,
    query: str = "",
    headers: dict[str, str] | None = None,
    **values: Any,
) -> Answer:
    """The answer to a call, after the vendor's document has agreed to it."""
    path = template.format(**values)
    answer = project.sandbox.ask(method, PREFIXES[vendor] + path + query, body, headers)
    judge = contract(vendor)
    operation = judge.operation(method, path)
    assert operation.template == template
    judge.check_response(operation, answer.status, answer.body)
    return answer


def matches(vendor: str, template: str, project: Registered, **values: Any) -> Answer:
    return sent("GET", vendor, template, project, **values)


GITHUB = [
    "/repos/{owner}/{repo}",
    "/repos/{owner}/{repo}/branches/{branch}",
    "/repos/{owner}/{repo}/branches/{branch}/protection",
    "/repos/{owner}/{repo}/commits",
    "/repos/{owner}/{repo}/commits/{ref}",
    "/repos/{owner}/{repo}/commits/{ref}/check-runs",
    "/repos/{owner}/{repo}/commits/{ref}/status",
    "/repos/{owner}/{repo}/commits/{commit_sha}/pulls",
    "/repos/{owner}/{repo}/compare/{basehead}",
    "/repos/{owner}/{repo}/contents/{path}",
    "/repos/{owner}/{repo}/pulls",
    "/repos/{owner}/{repo}/pulls/{pull_number}",
    "/repos/{owner}/{repo}/pulls/{pull_number}/commits",
    "/repos/{owner}/{repo}/pulls/{pull_number}/files",
    "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
    "/repos/{owner}/{repo}/releases",
    "/repos/{owner}/{repo}/releases/latest",
    "/repos/{owner}/{repo}/releases/tags/{tag}",
    "/repos/{owner}/{repo}/rules/branches/{branch}",
    "/repos/{owner}/{repo}/tags",
    "/rate_limit",
]


@pytest.fixture(scope="module")
def full(sandbox: Any, history: Path) -> Registered:
    """A project with a release, an open and a merged pull request, statuses and check runs."""
    project = register(sandbox, history, "full")
    sandbox.ask("POST", f"{project.github}/releases", {"tag_name": "v1.2.0", "name": "1.2"})
    sandbox.ask("POST", f"{project.github}/statuses/{project.facts['head']}", {"state": "success"})
    project.act("pulls", subject="an open one")
    for source in ("code-scanning", "dependabot", "secret-scanning"):
        project.act("alerts", source=source)
    return project


@pytest.mark.parametrize("template", GITHUB)
def test_github_reads(full: Registered, template: str) -> None:
    values: dict[str, Any] = {
        "owner": "demo", "repo": full.name, "branch": "main", "ref": "main", "tag": "v1.2.0",
        "commit_sha": full.facts["head"], "basehead": "v1.0.0...main", "path": "README.md",
        "pull_number": 2,
    }  # fmt: skip
    state = "?state=all" if template.endswith("/pulls") else ""
    assert sent("GET", "github", template, full, query=state, **values).status == 200


@pytest.mark.parametrize(
    ("source", "reason", "word"),
    [
        ("code-scanning", "dismissed_reason", "mitigated"),
        ("dependabot", "dismissed_reason", "tolerable_risk"),
        ("secret-scanning", "resolution", "revoked"),
    ],
)
def test_github_alerts(full: Registered, source: str, reason: str, word: str) -> None:
    """Reasons are null while an alert is open; the document forgets that among their words."""
    answer = full.sandbox.ask("GET", f"{full.github}/{source}/alerts")
    assert answer.body[0][reason] is None
    judge = contract("github")
    operation = judge.operation("GET", f"/repos/demo/{full.name}/{source}/alerts")
    judge.check_response(operation, answer.status, [{**answer.body[0], reason: word}])


def test_github_a_directory(full: Registered) -> None:
    matches("github", "/repos/{owner}/{repo}/contents/{path}", full, owner="demo", repo=full.name,
            path="docs")  # fmt: skip


@pytest.mark.parametrize("missing", ["branches/{branch}", "contents/{path}", "releases/tags/{tag}"])
def test_github_what_is_missing(full: Registered, missing: str) -> None:
    values = {"owner": "demo", "repo": full.name, "branch": "no", "path": "no", "tag": "no"}
    assert matches("github", f"/repos/{{owner}}/{{repo}}/{missing}", full, **values).status == 404


def test_github_writes(project: Registered) -> None:
    here: Any = {"owner": "demo", "repo": project.name}
    head = project.facts["head"]

    def post(what: str, body: object, **values: Any) -> Any:
        template = f"/repos/{{owner}}/{{repo}}/{what}"
        answer = sent("POST", "github", template, project, body, **here, **values)
        assert answer.status in (200, 201), answer
        return answer.body

    tag = {"tag": "v3.0.0", "message": "three", "object": head, "type": "commit"}
    made = post("git/tags", tag)
    post("git/refs", {"ref": "refs/tags/v3.0.0", "sha": made["sha"]})
    release = post("releases", {"tag_name": "v3.0.0"})
    post("releases/generate-notes", {"tag_name": "v3.0.0"})
    post("statuses/{sha}", {"state": "success", "context": "gate"}, sha=head)
    template = "/repos/{owner}/{repo}/releases/{release_id}"
    changed = sent("PATCH", "github", template, project, {"name": "Three"}, **here,
                   release_id=release["id"])  # fmt: skip
    assert changed.body["name"] == "Three"
    again = sent("POST", "github", "/repos/{owner}/{repo}/releases", project,
                 {"tag_name": "v3.0.0"}, **here)  # fmt: skip
    assert again.status == 422


def test_github_apps(project: Registered) -> None:
    app = App(project.sandbox)
    here: Any = {"owner": "demo", "repo": project.name}
    found = sent("GET", "github", "/repos/{owner}/{repo}/installation", project, **here,
                 headers=app.signature()).body  # fmt: skip
    template = "/app/installations/{installation_id}/access_tokens"
    given = sent("POST", "github", template, project, {}, headers=app.signature(),
                 installation_id=found["id"])  # fmt: skip
    token = {"Authorization": f"Bearer {given.body['token']}"}
    gate = {"name": "gate", "head_sha": project.facts["head"], "conclusion": "success"}
    made = sent("POST", "github", "/repos/{owner}/{repo}/check-runs", project, gate, **here,
                headers=token)  # fmt: skip
    template = "/repos/{owner}/{repo}/check-runs/{check_run_id}"
    changed = sent("PATCH", "github", template, project, {"conclusion": "failure"}, **here,
                   headers=token, check_run_id=made.body["id"])  # fmt: skip
    assert (made.status, changed.body["conclusion"]) == (201, "failure")


VERCEL = [
    "/v7/deployments",
    "/v13/deployments/{idOrUrl}",
    "/v3/deployments/{idOrUrl}/events",
    "/v10/projects",
    "/v9/projects/{idOrName}",
    "/v9/projects/{idOrName}/domains",
    "/v4/aliases",
    "/v4/aliases/{idOrAlias}",
    "/v2/deployments/{id}/aliases",
    "/v1/projects/{projectId}/promote/aliases",
    "/v1/projects/{idOrName}/rolling-release",
]


@pytest.mark.parametrize("template", VERCEL)
def test_vercel_reads(full: Registered, template: str) -> None:
    live, owner = full.facts["live"]["deployment"], full.facts["vercel_project_id"]
    values = {"idOrUrl": live, "id": live, "idOrName": owner, "projectId": owner,
              "idOrAlias": full.facts["production_domain"]}  # fmt: skip
    assert matches("vercel", template, full, **values).status == 200


@pytest.mark.parametrize("template", ["/v13/deployments/{idOrUrl}", "/v4/aliases/{idOrAlias}"])
def test_vercel_what_is_missing(full: Registered, template: str) -> None:
    assert matches("vercel", template, full, idOrUrl="dpl_no", idOrAlias="no").status == 404


def test_vercel_changes(project: Registered) -> None:
    owner, staged, candidate = (
        project.facts["vercel_project_id"], project.staged(), project.candidate())  # fmt: skip
    promote = "/v10/projects/{projectId}/promote/{deploymentId}"
    rollback = "/v1/projects/{projectId}/rollback/{deploymentId}"
    statuses = []
    for template, target in ((promote, staged), (promote, staged), (rollback, candidate)):
        statuses.append(sent("POST", "vercel", template, project, {}, projectId=owner,
                             deploymentId=target).status)  # fmt: skip
        if len(statuses) == 2:
            project.job_ends()
    assert statuses == [201, 409, 201]
    for state in ("pending", "in-progress", "succeeded"):
        assert state
        matches("vercel", "/v9/projects/{idOrName}", project, idOrName=owner)
    project.job_ends()
    matches("vercel", "/v9/projects/{idOrName}", project, idOrName=owner)
    built = project.act("commits", subject="a build")["deployment"]
    sent("PATCH", "vercel", "/v12/deployments/{id}/cancel", project, id=built)
    matches("vercel", "/v7/deployments", project)


def test_supabase(full: Registered) -> None:
    ref = full.facts["supabase_ref"]
    for template, query in (
        ("/v1/projects", ""),
        ("/v1/projects/{ref}", ""),
        ("/v1/projects/{ref}/health", "?services=db&services=rest"),
        ("/v1/projects/{ref}/database/backups", ""),
    ):
        assert sent("GET", "supabase", template, full, query=query, ref=ref).status == 200


def test_pagerduty(full: Registered) -> None:
    payload = {"summary": "Error rate 4 %", "source": "watch", "severity": "critical"}
    event = {"routing_key": "k" * 32, "event_action": "trigger", "payload": payload}
    for body, status in ((event, 202), (event | {"routing_key": "no"}, 400)):
        template = "/enqueue"
        assert sent("POST", "pagerduty-events-v2", template, full, body).status == status
    change = {"routing_key": "k" * 32, "payload": {"summary": "live"}}
    assert sent("POST", "pagerduty-events-v2", "/change/enqueue", full, change).status == 202


@pytest.mark.parametrize(
    ("sample", "query"), [("query-vector", 'up{job="full"}'), ("query-empty", 'up{job="nobody"}')]
)
def test_prometheus_has_the_shape_of_the_samples(full: Registered, sample: str, query: str) -> None:
    expected = json.loads((CONTRACTS / f"samples/prometheus/{sample}.json").read_text())
    answer = full.sandbox.ask("GET", "/prometheus/api/v1/query", params={"query": query})
    assert shape(answer.body) == shape(expected)


@pytest.mark.parametrize("kind", ["promote-succeeded", "rollback-succeeded"])
def test_a_project_has_the_keys_of_the_samples(project: Registered, kind: str) -> None:
    sample = f"samples/vercel/project-lastAliasRequest-{kind}.partial.json"
    expected = json.loads((CONTRACTS / sample).read_text())
    if kind.startswith("promote"):
        project.promote(project.staged())
    else:
        project.rollback(project.candidate())
    project.job_ends()
    found = project.project()
    # A project that has no description lacks the key: the document does not allow null.
    assert expected.keys() - {"rollbackDescription"} <= found.keys()
    assert shape(found["lastAliasRequest"]) == shape(expected["lastAliasRequest"])
    assert found["lastAliasRequest"]["type"] == expected["lastAliasRequest"]["type"]


def shape(value: object) -> object:
    """The value with its leaves named by type; numbers are one type, as in JSON."""
    if isinstance(value, dict):
        return {key: shape(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [shape(inner) for inner in value]
    return "number" if isinstance(value, int | float) else type(value).__name__
