"""FACTS 2.3, 2.4 and 2.6: moving production's domain, and what is rejected."""

from .conftest import Registered


def test_2_3_promote_points_the_domain_at_the_build_that_exists(project: Registered) -> None:
    staged, before = project.staged(), project.live()
    count = len(project.deployments())
    assert project.promote(staged) == 201
    assert project.job_ends() == "succeeded"
    assert project.live() == staged
    assert len(project.deployments()) == count
    event = project.journal(kind="promoted")[0]
    assert (event["detail"]["from"], event["detail"]["to"]) == (before, staged)
    assert event["detail"]["to_sha"] == project.facts["head"]
    assert event["request_id"]


def test_2_3_a_preview_cannot_be_promoted(project: Registered) -> None:
    preview = project.act("pulls", subject="a preview")["deployment"]
    project.ready(preview)
    assert project.promote(preview) == 422
    assert project.journal(kind="promoted") == []


def test_2_3_building_a_preview_for_production_is_a_new_build(project: Registered) -> None:
    preview = project.act("pulls", subject="a preview")["deployment"]
    project.ready(preview)
    body = {"deploymentId": preview, "name": project.name, "target": "production"}
    answer = project.sandbox.ask("POST", "/vercel/v13/deployments", body)
    assert answer.status == 200
    assert answer.body["id"] != preview
    assert project.promote(project.ready(answer.body["id"])["id"]) == 201


def test_2_3_a_build_that_is_not_ready_cannot_be_promoted(project: Registered) -> None:
    assert project.promote(project.act("commits", subject="new")["deployment"]) == 400


def test_2_3_what_does_not_exist_cannot_be_promoted(project: Registered, shown: Registered) -> None:
    assert project.promote("dpl_none") == 404
    assert project.promote(shown.staged()) == 404


def test_2_4_a_job_is_pending_then_in_progress_then_succeeded(project: Registered) -> None:
    staged, before, seen = project.staged(), project.live(), []
    project.promote(staged)
    while True:
        last = project.project()["lastAliasRequest"]
        seen += [last["jobStatus"]] if last["jobStatus"] not in seen else []
        if last["jobStatus"] == "succeeded":
            break
        assert project.live() in (before, staged)
    assert seen == ["pending", "in-progress", "succeeded"]
    assert (last["type"], last["toDeploymentId"], last["fromDeploymentId"]) == (
        "promote",
        staged,
        before,
    )


def test_2_4_rollback_is_asynchronous(project: Registered) -> None:
    before, candidate = project.live(), project.candidate()
    assert project.rollback(candidate) == 201
    assert project.live() == before
    assert project.job_ends() == "succeeded"
    assert project.live() == candidate
    assert [one["kind"] for one in project.journal(vendor="vercel")] == ["rolled_back"]


def test_2_4_one_alias_job_at_a_time(project: Registered) -> None:
    staged, candidate = project.staged(), project.candidate()
    assert project.promote(staged) == 201
    assert project.promote(staged) == 409
    assert project.rollback(candidate) == 409
    project.job_ends()
    assert len(project.journal(kind="promoted")) == 1


def test_2_4_a_job_to_what_is_live_is_skipped_and_no_act(project: Registered) -> None:
    assert project.promote(project.live()) == 201
    assert project.job_ends() == "skipped"
    assert project.journal(vendor="vercel") == []


def test_2_4_rollback_wants_a_build_that_had_production_traffic(project: Registered) -> None:
    assert project.rollback(project.staged()) == 422


def test_2_4_hobby_goes_back_one_step_only(project: Registered) -> None:
    project.act("plan", hobby=True)
    nearest, further = [one["uid"] for one in project.deployments("rollbackCandidate=true")]
    assert project.rollback(further) == 402
    assert project.rollback(nearest) == 201


def test_2_4_candidates_were_live_and_are_not_now(project: Registered) -> None:
    candidates = project.deployments("target=production&rollbackCandidate=true")
    assert len(candidates) == 2
    assert all(one["isRollbackCandidate"] for one in candidates)
    project.promote(project.staged())
    project.job_ends()
    assert len(project.deployments("target=production&rollbackCandidate=true")) == 3


def test_2_4_a_rollback_switches_automatic_assignment_off(project: Registered) -> None:
    project.act("bypass", open=True)
    project.rollback(project.candidate())
    project.job_ends()
    assert project.project()["autoAssignCustomDomains"] is False


def test_2_4_the_promote_after_a_rollback_switches_it_on_again(project: Registered) -> None:
    project.rollback(project.candidate())
    project.job_ends()
    project.promote(project.staged())
    project.job_ends()
    assert project.project()["autoAssignCustomDomains"] is True
    changed = project.journal(kind="setting_changed")
    assert changed[-1]["detail"] == {"autoAssignCustomDomains": True}


def test_2_4_a_promote_without_a_rollback_leaves_it_alone(project: Registered) -> None:
    project.promote(project.staged())
    project.job_ends()
    assert project.project()["autoAssignCustomDomains"] is False


def test_2_4_a_rollback_keeps_its_reason(project: Registered) -> None:
    base = f"/vercel/v1/projects/{project.facts['vercel_project_id']}/rollback"
    candidate = project.candidate()
    long = project.sandbox.ask("POST", f"{base}/{candidate}?description={'x' * 251}", {})
    assert long.status == 400
    project.sandbox.ask("POST", f"{base}/{candidate}?description=errors", {})
    assert project.project()["rollbackDescription"]["description"] == "errors"
    path = f"{base}/{candidate}/update-description"
    assert project.sandbox.ask("PATCH", path, {"description": "more errors"}).status == 200
    assert project.project()["rollbackDescription"]["description"] == "more errors"


def test_2_4_the_aliases_of_the_last_job_are_told(project: Registered) -> None:
    path = f"/vercel/v1/projects/{project.facts['vercel_project_id']}/promote/aliases"
    project.promote(project.staged())
    project.job_ends()
    assert [one["status"] for one in project.sandbox.get(path)["aliases"]] == ["completed"]
    assert project.sandbox.get(f"{path}?failedOnly=true")["aliases"] == []


def test_2_6_an_alias_moves_at_once_and_without_a_job(project: Registered) -> None:
    staged, domain = project.staged(), project.facts["production_domain"]
    path = f"/vercel/v2/deployments/{staged}/aliases"
    assert project.sandbox.ask("POST", path, {"alias": domain}).status == 200
    assert project.live() == staged
    assert project.project()["lastAliasRequest"] is None
    assert project.sandbox.ask("POST", path, {"alias": domain}).status == 409
    assert project.sandbox.ask("POST", path, {"alias": "else.example.com"}).status == 409
    assert len(project.journal(kind="alias_assigned")) == 1


def test_2_4_with_assignment_on_a_build_goes_live_by_itself(project: Registered) -> None:
    path = project.vercel
    answer = project.sandbox.ask("PATCH", path, {"autoAssignCustomDomains": True})
    assert answer.body["autoAssignCustomDomains"] is True
    built = project.act("commits", subject="past every gate")["deployment"]
    project.ready(built)
    assert project.live() == built
    assert project.journal(kind="auto_assigned")[0]["detail"]["to"] == built


def test_2_4_with_assignment_off_a_build_waits(project: Registered) -> None:
    before = project.live()
    project.ready(project.act("commits", subject="waits")["deployment"])
    assert project.live() == before
    assert project.journal(kind="auto_assigned") == []
