"""FACTS 1.6: rules of the trunk, and pull requests from the history and from the sandbox."""

from typing import Any

from .conftest import Registered


def pull(project: Registered, number: int, part: str = "") -> Any:
    return project.sandbox.get(f"{project.github}/pulls/{number}{part}")


def test_1_6_the_default_branch_is_protected(shown: Registered) -> None:
    found = shown.sandbox.get(f"{shown.github}/branches/main/protection")
    assert found["required_status_checks"]["strict"] is True
    assert found["required_pull_request_reviews"]["required_approving_review_count"] == 1


def test_1_6_an_unprotected_branch_is_404(shown: Registered) -> None:
    answer = shown.sandbox.ask("GET", f"{shown.github}/branches/side/protection")
    assert (answer.status, answer.body["message"]) == (404, "Branch not protected")


def test_1_6_rules_answer_for_a_branch_that_does_not_exist(shown: Registered) -> None:
    assert shown.sandbox.get(f"{shown.github}/rules/branches/none") == []
    kinds = [one["type"] for one in shown.sandbox.get(f"{shown.github}/rules/branches/main")]
    assert "commit_message_pattern" in kinds


def test_1_6_a_merge_commit_tells_of_its_pull_request(shown: Registered) -> None:
    found = pull(shown, 2)
    assert (found["state"], found["merged"]) == ("closed", True)
    assert (found["title"], found["head"]["ref"]) == ("feat(api): a branch", "side")
    assert [one["commit"]["message"] for one in pull(shown, 2, "/commits")] == [
        "feat(api): on a branch"
    ]


def test_1_6_a_squashed_subject_tells_of_its_pull_request(shown: Registered) -> None:
    found = pull(shown, 3)
    assert found["title"] == "feat!: change everything"
    assert found["merge_commit_sha"] == shown.facts["head"]
    assert [one["filename"] for one in pull(shown, 3, "/files")] == ["README.md"]


def test_1_6_a_landed_commit_names_its_pull_request(shown: Registered) -> None:
    def numbers(sha: str) -> list[int]:
        return [one["number"] for one in shown.sandbox.get(f"{shown.github}/commits/{sha}/pulls")]

    assert numbers(shown.facts["head"]) == [3]
    assert numbers(pull(shown, 2)["merge_commit_sha"]) == [2]
    assert numbers(pull(shown, 2)["head"]["sha"]) == [2]
    assert numbers("v1.0.0") == []


def test_1_6_merged_pull_requests_were_reviewed_by_someone_else(shown: Registered) -> None:
    reviews = pull(shown, 2, "/reviews")
    assert [one["state"] for one in reviews] == ["APPROVED"]
    assert reviews[0]["user"]["login"] != pull(shown, 2)["user"]["login"]


def test_1_6_pull_requests_are_listed_by_state(project: Registered) -> None:
    opened = project.act("pulls", type="fix", scope="ui", subject="an open one")["number"]

    def numbers(state: str) -> list[int]:
        found = project.sandbox.get(f"{project.github}/pulls?state={state}")
        return [one["number"] for one in found]

    assert opened == 4
    assert (numbers("open"), numbers("closed"), numbers("all")) == ([4], [3, 2, 1], [4, 3, 2, 1])


def test_1_6_an_open_pull_request_is_approved_and_merged(project: Registered) -> None:
    opened = project.act("pulls", type="fix", scope="ui", subject="a colour", body="Why.")
    number = opened["number"]
    found = pull(project, number)
    assert (found["state"], found["mergeable"], found["merged"]) == ("open", True, False)
    assert pull(project, number, "/reviews") == []
    project.act("pulls/approve", number=number)
    assert pull(project, number, "/reviews")[0]["commit_id"] == opened["head_sha"]
    landed = project.act("pulls/merge", number=number)
    found = pull(project, number)
    assert (found["merged"], found["merge_commit_sha"]) == (True, landed["sha"])
    newest = project.sandbox.get(f"{project.github}/commits?per_page=1")[0]
    assert newest["sha"] == landed["sha"]
    assert newest["commit"]["message"] == f"fix(ui): a colour (#{number})\n\nWhy."
    kinds = [one["kind"] for one in project.journal(vendor="github")]
    assert kinds == ["pull_opened", "review_submitted", "commit_landed", "pull_merged"]


def test_1_6_a_merged_pull_request_cannot_be_merged_again(project: Registered) -> None:
    number = project.act("pulls", subject="once")["number"]
    project.act("pulls/merge", number=number)
    body = {"project": project.name, "number": number}
    answer = project.sandbox.ask("POST", "/_control/pulls/merge", body)
    assert answer.status == 422
    assert answer.body["error"] == f"Pull request #{number} is merged already."


def test_1_6_two_pull_requests_merge_without_conflict(project: Registered) -> None:
    numbers = [project.act("pulls", subject=name)["number"] for name in ("one", "two")]
    for number in reversed(numbers):
        project.act("pulls/merge", number=number)
    assert len(project.sandbox.get(f"{project.github}/contents/sandbox")) == 2
