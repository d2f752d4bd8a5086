"""FACTS 1.5: check runs and statuses are two systems."""

from typing import Any

import pytest

from .apps import App
from .conftest import Registered
from .running import eventually


def runs(project: Registered, sha: str) -> dict[str, Any]:
    found = project.sandbox.get(f"{project.github}/commits/{sha}/check-runs")["check_runs"]
    return {one["name"]: one for one in found}


def by_app(project: Registered) -> dict[str, str]:
    """Only an App may post check runs."""
    return App(project.sandbox).token(project.facts["repository"])


def combined(project: Registered, sha: str) -> str:
    return str(project.sandbox.get(f"{project.github}/commits/{sha}/status")["state"])


def test_1_5_the_history_passed_long_ago(shown: Registered) -> None:
    found = runs(shown, "v1.0.0")
    assert {one["conclusion"] for one in found.values()} == {"success"}
    assert set(found) == {"build", "test", "lint", "security-scan"}


def test_1_5_a_new_commit_is_checked_over_time(project: Registered) -> None:
    sha = project.act("commits", subject="new")["sha"]
    seen: list[tuple[str, str | None]] = []

    def is_over() -> bool:
        one = runs(project, sha)["test"]
        state = (one["status"], one["conclusion"])
        if state not in seen:
            seen.append(state)
        return bool(one["status"] == "completed")

    eventually(is_over)
    assert seen == [("queued", None), ("in_progress", None), ("completed", "success")]


def test_1_5_the_next_checks_can_be_made_to_fail(project: Registered) -> None:
    project.act("checks", fail_next=True)
    bad, good = (project.act("commits", subject=name)["sha"] for name in ("bad", "good"))
    eventually(lambda: runs(project, bad)["test"]["conclusion"] == "failure")
    eventually(lambda: runs(project, good)["test"]["conclusion"] == "success")
    assert eventually(lambda: runs(project, bad)["lint"]["conclusion"]) == "success"


def test_1_5_the_checks_of_any_commit_can_be_decided(project: Registered) -> None:
    project.act("checks", sha=project.facts["head"], conclusion="timed_out")
    assert runs(project, "main")["test"]["conclusion"] == "timed_out"
    project.act("checks", sha=project.facts["head"])
    assert runs(project, "main")["test"]["conclusion"] == "success"


def test_1_5_a_conclusion_forces_completed(project: Registered) -> None:
    body = {"name": "release gate", "head_sha": project.facts["head"], "status": "in_progress"}
    path = f"{project.github}/check-runs"
    app = by_app(project)
    made = project.sandbox.ask("POST", path, body, app)
    assert (made.status, made.body["status"], made.body["conclusion"]) == (201, "in_progress", None)
    end = {"conclusion": "neutral"}
    done = project.sandbox.ask("PATCH", f"{path}/{made.body['id']}", end, app)
    assert (done.body["status"], done.body["conclusion"]) == ("completed", "neutral")
    assert runs(project, "main")["release gate"]["conclusion"] == "neutral"


@pytest.mark.parametrize(
    "body", [{"status": "stale"}, {"conclusion": "fine"}, {"status": "completed"}]
)
def test_1_5_a_check_run_with_a_wrong_state_is_422(project: Registered, body: object) -> None:
    assert isinstance(body, dict)
    body |= {"name": "gate", "head_sha": project.facts["head"]}
    answer = project.sandbox.ask("POST", f"{project.github}/check-runs", body, by_app(project))
    assert answer.status == 422


def test_1_5_only_the_newest_run_of_a_name_is_listed_unless_all_are_asked(
    project: Registered,
) -> None:
    body = {"name": "gate", "head_sha": project.facts["head"], "conclusion": "failure"}
    app = by_app(project)
    for conclusion in ("failure", "success"):
        body["conclusion"] = conclusion
        project.sandbox.ask("POST", f"{project.github}/check-runs", body, app)
    path = f"{project.github}/commits/main/check-runs?check_name=gate"
    assert [one["conclusion"] for one in project.sandbox.get(path)["check_runs"]] == ["success"]
    assert project.sandbox.get(f"{path}&filter=all")["total_count"] == 2


def test_1_5_a_commit_with_check_runs_only_reads_pending(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/commits/main/status")
    assert (found["state"], found["total_count"]) == ("pending", 0)


def test_1_5_the_combined_status_is_the_worst_of_the_newest(project: Registered) -> None:
    path = f"{project.github}/statuses/{project.facts['head']}"
    states = []
    for context, state in (("a", "success"), ("b", "pending"), ("b", "error"), ("b", "success")):
        answer = project.sandbox.ask("POST", path, {"state": state, "context": context})
        assert answer.status == 201
        states.append(combined(project, "main"))
    assert states == ["success", "pending", "failure", "success"]
