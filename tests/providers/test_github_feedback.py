"""What we say of a commit is said once, and again only when it is something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import App, Feedback, GitHub, Installed
from tests.providers.conftest import QUICK
from tests.providers.payloads import REPO, SHA
from tests.providers.stub import Seen, Stub, reply
from tests.providers.test_github_app import key, pem

FAILED = Feedback(
    "agentmesh/trunk-rules", "failed", "Not approved", "- Not approved", "https://us/1"
)
STATUS, STATUSES = f"/repos/{REPO}/commits/{SHA}/status", f"/repos/{REPO}/statuses/{SHA}"
RUNS, RUN = f"/repos/{REPO}/commits/{SHA}/check-runs", f"/repos/{REPO}/check-runs"
SAID = {
    "context": "agentmesh/trunk-rules",
    "state": "failure",
    "description": "Not approved",
    "target_url": "https://us/1",
}


def written(stub: Stub) -> list[Seen]:
    return [seen for seen in stub.seen if seen.method != "GET" and "/app/" not in seen.path]


def statuses(stub: Stub, *said: object) -> None:
    stub.route(STATUS, reply({"total_count": len(said), "statuses": list(said)}))


def test_a_token_reports_by_a_commit_status(stub: Stub, github: GitHub) -> None:
    statuses(stub)
    stub.route(STATUSES, reply({"state": "failure"}, 201))
    github.feedback.ensure(REPO, SHA, FAILED)
    assert [seen.json for seen in written(stub)] == [SAID]


def test_what_github_shows_already_is_not_written(stub: Stub, github: GitHub) -> None:
    statuses(stub, SAID)
    github.feedback.ensure(REPO, SHA, FAILED)
    assert not written(stub)


def test_a_long_title_is_cut_for_a_status(stub: Stub, github: GitHub) -> None:
    statuses(stub)
    stub.route(STATUSES, reply({"state": "failure"}, 201))
    github.feedback.ensure(REPO, SHA, replace(FAILED, title="x" * 200))
    (sent,) = written(stub)
    assert len(sent.json["description"]) == 140  # type: ignore[index]


def test_an_answer_that_shows_another_state_is_no_confirmation(stub: Stub, github: GitHub) -> None:
    statuses(stub)
    stub.route(STATUSES, reply({"state": "success"}, 201))
    with pytest.raises(ProviderError, match="shows another state"):
        github.feedback.ensure(REPO, SHA, FAILED)


def test_a_token_without_the_right_is_told_which(stub: Stub, github: GitHub) -> None:
    statuses(stub)
    refused = reply(
        {"message": "Resource not accessible by personal access token"},
        403,
        x_accepted_github_permissions="statuses=write",
    )
    stub.route(STATUSES, refused)
    with pytest.raises(ProviderError, match="lacks statuses:write"):
        github.feedback.ensure(REPO, SHA, FAILED)


@pytest.fixture
def app(stub: Stub) -> GitHub:
    stub.route(f"/repos/{REPO}/installation", reply({"id": 7}))
    token = {"token": "ghs_1", "expires_at": "2099-01-01T00:00:00Z"}
    stub.route("/app/installations/7/access_tokens", reply(token, 201))
    return GitHub(
        stub.url, Installed(App(stub.url, "42", pem(key()), timeouts=QUICK), REPO), timeouts=QUICK
    )


def runs(stub: Stub, *said: object) -> None:
    stub.route(RUNS, reply({"total_count": len(said), "check_runs": list(said)}))


def shown(number: int, app_id: int = 42) -> dict[str, object]:
    return {
        "id": number,
        "app": {"id": app_id},
        "name": "agentmesh/trunk-rules",
        "status": "completed",
        "conclusion": "failure",
        "details_url": "https://us/1",
        "output": {"title": "Not approved", "summary": "- Not approved"},
    }


def test_an_app_reports_by_a_check_run(stub: Stub, app: GitHub) -> None:
    runs(stub, shown(1, app_id=7))
    stub.route(RUN, reply({"status": "completed"}, 201))
    app.feedback.ensure(REPO, SHA, FAILED)
    (sent,) = written(stub)
    body = {**shown(1), "head_sha": SHA}
    del body["id"], body["app"]
    assert sent.json == body


def test_a_check_run_of_ours_is_changed_and_only_when_it_differs(stub: Stub, app: GitHub) -> None:
    runs(stub, shown(5))
    app.feedback.ensure(REPO, SHA, FAILED)
    assert not written(stub)
    stub.route(f"{RUN}/5", reply({"status": "completed"}))
    app.feedback.ensure(REPO, SHA, replace(FAILED, state="passed"))
    assert [(seen.method, seen.path) for seen in written(stub)] == [("PATCH", f"{RUN}/5")]


def test_what_is_pending_again_is_a_new_run(stub: Stub, app: GitHub) -> None:
    runs(stub, shown(5))
    stub.route(RUN, reply({"status": "in_progress"}, 201))
    app.feedback.ensure(REPO, SHA, replace(FAILED, state="pending"))
    (sent,) = written(stub)
    assert (sent.path, sent.json["status"]) == (RUN, "in_progress")  # type: ignore[index]
