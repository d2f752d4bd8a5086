"""FACTS 2.1 and 2.2: reading deployments, and what their states mean."""

import time

from .conftest import Registered
from .running import Running, eventually


def test_2_1_a_call_without_a_token_is_refused(shown: Registered) -> None:
    answer = shown.sandbox.ask("GET", shown.vercel, headers={"Authorization": ""})
    assert (answer.status, answer.body["error"]["code"]) == (401, "unauthorized")


def test_2_1_errors_have_a_code_and_a_message(sandbox: Running) -> None:
    answer = sandbox.ask("GET", "/vercel/v13/deployments/dpl_none")
    error = {"code": "not_found", "message": "Deployment not found"}
    assert (answer.status, answer.body) == (404, {"error": error})


def test_2_1_too_many_calls_are_429_with_a_time_to_wait(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="vercel", kind="429", times=1, seconds=5)
    answer = shown.sandbox.ask("GET", shown.vercel)
    assert (answer.status, answer.headers["Retry-After"]) == (429, "5")
    assert answer.body["error"]["code"] == "rate_limited"


def test_2_1_older_deployments_come_by_until(shown: Registered) -> None:
    project, seen, until = shown.facts["vercel_project_id"], [], ""
    while True:
        path = f"/vercel/v7/deployments?projectId={project}&limit=2{until}"
        found = shown.sandbox.get(path)
        seen += [one["created"] for one in found["deployments"]]
        assert found["pagination"]["count"] == len(found["deployments"]) <= 2
        if found["pagination"]["next"] is None:
            break
        until = f"&until={found['pagination']['next']}"
    assert seen == sorted(set(seen), reverse=True)
    assert len(seen) == len(shown.deployments()) == 5


def test_2_2_a_list_says_uid_and_one_says_id(shown: Registered) -> None:
    listed = shown.deployments()[0]
    one = shown.sandbox.get(f"/vercel/v13/deployments/{listed['uid']}")
    assert listed["state"] == listed["readyState"] == one["readyState"] == "READY"
    assert one["id"] == listed["uid"]
    assert "id" not in listed
    assert "uid" not in one


def test_2_2_a_deployment_is_found_by_its_host_name_too(shown: Registered) -> None:
    listed = shown.deployments()[0]
    assert shown.sandbox.get(f"/vercel/v13/deployments/{listed['url']}")["id"] == listed["uid"]


def test_2_2_substates_tell_who_ever_had_traffic(shown: Registered) -> None:
    found = [
        (one["readySubstate"], one["meta"]["githubCommitMessage"].split("\n")[0])
        for one in shown.deployments()
    ]
    assert found == [
        ("STAGED", "feat!: change everything (#3)"),
        ("STAGED", "docs: explain"),
        ("PROMOTED", "Merge pull request #2 from ada/side"),
        ("PROMOTED", "fix: mend a thing (#1)"),
        ("PROMOTED", "feat: begin"),
    ]


def test_2_2_promoted_is_not_live(shown: Registered) -> None:
    promoted = [one["uid"] for one in shown.deployments() if one["readySubstate"] == "PROMOTED"]
    assert promoted[0] == shown.project()["targets"]["production"]["id"] == shown.live()
    assert len(promoted) == 3


def test_2_2_a_deployment_names_its_commit(shown: Registered) -> None:
    newest = shown.deployments()[0]
    assert newest["meta"]["githubCommitSha"] == shown.facts["head"]
    one = shown.sandbox.get(f"/vercel/v13/deployments/{newest['uid']}")
    assert one["gitSource"]["sha"] == shown.facts["head"]


def test_2_2_a_build_is_queued_then_building_then_ready(project: Registered) -> None:
    built = project.act("commits", subject="a build")["deployment"]
    seen: list[str] = []

    def is_ready() -> bool:
        state = project.sandbox.get(f"/vercel/v13/deployments/{built}")["readyState"]
        if state not in seen:
            seen.append(state)
        return bool(state == "READY")

    eventually(is_ready)
    assert seen == ["QUEUED", "BUILDING", "READY"]
    kinds = [one["kind"] for one in project.journal(vendor="vercel")]
    assert kinds == ["deployment_created", "deployment_ready"]


def test_2_2_ready_is_not_aliased(project: Registered) -> None:
    before = project.live()
    one = project.ready(project.act("commits", subject="a build")["deployment"])
    assert (one["readySubstate"], one["aliasAssigned"], one["alias"]) == ("STAGED", False, [])
    assert project.live() == before


def test_2_2_a_broken_build_ends_in_error(project: Registered) -> None:
    project.act("builds", break_next=True)
    one = project.ready(project.act("commits", subject="a broken build")["deployment"])
    assert (one["readyState"], one["errorCode"]) == ("ERROR", "BUILD_FAILED")
    assert "readySubstate" not in one
    again = project.ready(project.act("commits", subject="a good build")["deployment"])
    assert again["readyState"] == "READY"


def test_2_2_a_build_under_way_can_be_cancelled(project: Registered) -> None:
    built = project.act("commits", subject="a build")["deployment"]
    answer = project.sandbox.ask("PATCH", f"/vercel/v12/deployments/{built}/cancel")
    assert (answer.status, answer.body["readyState"]) == (200, "CANCELED")
    time.sleep(0.5)
    assert project.ready(built)["readyState"] == "CANCELED"


def test_2_2_a_build_that_is_over_cannot_be_cancelled(shown: Registered) -> None:
    built = shown.deployments()[0]["uid"]
    assert shown.sandbox.ask("PATCH", f"/vercel/v12/deployments/{built}/cancel").status == 400


def test_2_2_a_build_has_a_log(shown: Registered) -> None:
    built = shown.deployments()[0]["uid"]
    lines = shown.sandbox.get(f"/vercel/v3/deployments/{built}/events?limit=2")
    assert [line["type"] for line in lines] == ["stdout", "command"]


def test_2_2_a_pull_request_gets_a_preview(project: Registered) -> None:
    opened = project.act("pulls", type="fix", subject="a preview")
    preview = project.sandbox.get(f"/vercel/v13/deployments/{opened['deployment']}")
    assert preview["target"] is None
    assert preview["meta"]["githubPrId"] == str(opened["number"])
    assert preview["meta"]["githubCommitSha"] == opened["head_sha"]


def test_2_5_nothing_is_rolled_out_in_stages(shown: Registered) -> None:
    path = f"/vercel/v1/projects/{shown.facts['vercel_project_id']}/rolling-release"
    assert shown.sandbox.get(path) == {"rollingRelease": None}
