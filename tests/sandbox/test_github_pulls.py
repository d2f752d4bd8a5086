"""FACTS 1.6: what becomes of an open pull request, and how its branch is guarded."""

from typing import Any

from .conftest import Registered


def opened(project: Registered, subject: str = "an open one") -> int:
    return int(project.act("pulls", subject=subject)["number"])


def pull(project: Registered, number: int, part: str = "") -> Any:
    return project.sandbox.get(f"{project.github}/pulls/{number}{part}")


def reviews(project: Registered, number: int) -> list[tuple[str, str]]:
    found = pull(project, number, "/reviews")
    return [(one["user"]["login"], one["state"]) for one in found]


def test_1_6_changes_are_asked_for_and_reviews_dismissed(project: Registered) -> None:
    number = opened(project)
    project.act("pulls/request-changes", number=number)
    project.act("pulls/approve", number=number, by="tove")
    assert reviews(project, number) == [("rowan", "CHANGES_REQUESTED"), ("tove", "APPROVED")]
    project.act("pulls/dismiss", number=number)
    assert reviews(project, number) == [("rowan", "DISMISSED"), ("tove", "DISMISSED")]


def test_1_6_a_review_stays_with_the_commit_that_it_was_given_for(project: Registered) -> None:
    number = opened(project)
    before = pull(project, number)["head"]["sha"]
    project.act("pulls/approve", number=number)
    project.act("pulls/push", number=number)
    found = pull(project, number)
    assert pull(project, number, "/reviews")[0]["commit_id"] == before != found["head"]["sha"]
    assert len(pull(project, number, "/commits")) == 2


def test_1_6_a_branch_falls_behind_and_is_rebased(project: Registered) -> None:
    number = opened(project)
    project.act("commits", subject="meanwhile")
    assert pull(project, number)["mergeable_state"] == "behind"
    head = project.act("pulls/rebase", number=number)["head_sha"]
    compared = project.sandbox.get(f"{project.github}/compare/main...{head}")
    assert (compared["ahead_by"], compared["behind_by"]) == (1, 0)
    assert pull(project, number)["mergeable_state"] == "clean"
    project.act("pulls/merge", number=number)


def test_1_6_it_gets_another_title_and_is_newer_then(project: Registered) -> None:
    number = opened(project)
    before = pull(project, number)
    project.act("pulls/retitle", number=number)
    after = pull(project, number)
    assert after["title"] == "Improved things"
    assert after["updated_at"] >= before["updated_at"]


def test_1_6_nobody_reviews_their_own(project: Registered) -> None:
    body = {"project": project.name, "number": opened(project), "by": "noor-lindqvist"}
    assert project.sandbox.ask("POST", "/_control/pulls/approve", body).status == 422


def test_1_6_the_default_branch_can_be_guarded_weakly(project: Registered) -> None:
    project.act("protection", kind="weak", checks="e2e")
    found = project.sandbox.get(f"{project.github}/branches/main/protection")
    assert found["required_status_checks"]["contexts"] == ["e2e"]
    assert found["required_pull_request_reviews"]["required_approving_review_count"] == 0
    kinds = [one["type"] for one in project.sandbox.get(f"{project.github}/rules/branches/main")]
    assert kinds == ["deletion"]


def test_1_6_the_protection_can_be_out_of_the_tokens_sight(project: Registered) -> None:
    project.act("protection", kind="hidden")
    answer = project.sandbox.ask("GET", f"{project.github}/branches/main/protection")
    assert answer.status == 403
    assert answer.headers["X-Accepted-GitHub-Permissions"] == "administration=read"
    branch = project.sandbox.get(f"{project.github}/branches/main")
    assert "test" in branch["protection"]["required_status_checks"]["contexts"]
