"""Vercel: accepted is not done, READY is not live, and whose request it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import AliasJob, Project, Variable, Vercel
from tests.providers.conftest import QUICK, TOKEN
from tests.providers.stub import Stub, raw, reply

PROJECT = "prj_agentmesh"
MS = 1_766_400_000_000
WHEN = datetime.fromtimestamp(MS / 1000, UTC)
PROMOTE = f"/v10/projects/{PROJECT}/promote/dpl_new"
ROLLBACK = f"/v1/projects/{PROJECT}/rollback/dpl_old"


def project(stub: Stub, vercel: Vercel, **more: object) -> Project:
    stub.route(f"/v9/projects/{PROJECT}", reply({"id": PROJECT, "name": "web", **more}))
    return vercel.project(PROJECT)


def request(**more: object) -> dict[str, object]:
    known = {"type": "promote", "toDeploymentId": "dpl_new", "fromDeploymentId": None}
    return {**known, "jobStatus": "succeeded", "requestedAt": MS, **more}


def test_the_team_goes_with_every_call(stub: Stub, vercel: Vercel) -> None:
    project(stub, vercel)
    stub.route(PROMOTE, reply({}, 201))
    vercel.promote(PROJECT, "dpl_new")
    assert [seen.query["teamId"] for seen in stub.seen] == ["team_agentmesh"] * 2
    assert stub.seen[1].headers["authorization"] == f"Bearer {TOKEN}"


def test_without_a_team_none_is_sent(stub: Stub) -> None:
    project(stub, Vercel(stub.url, TOKEN, timeouts=QUICK))
    assert stub.seen[0].query == {}


def test_a_project_tells_what_is_live_and_how_domains_are_assigned(
    stub: Stub, vercel: Vercel
) -> None:
    live = {"id": "dpl_1", "name": "web", "url": "u", "readyState": "READY", "createdAt": MS}
    live |= {"readySubstate": "PROMOTED", "meta": {"githubCommitSha": "a" * 40}}
    link = {"type": "github", "org": "demo", "repo": "web", "productionBranch": "main"}
    found = project(
        stub, vercel, autoAssignCustomDomains=False, targets={"production": live}, link=link
    )
    assert found.auto_assign_custom_domains is False
    assert found.production is not None
    assert (found.production.substate, found.production.sha) == ("PROMOTED", "a" * 40)
    assert (found.repository, found.production_branch) == ("demo/web", "main")


def test_what_a_project_does_not_say_is_unknown(stub: Stub, vercel: Vercel) -> None:
    found = project(stub, vercel, targets={"production": None}, lastAliasRequest=None)
    assert found.auto_assign_custom_domains is None
    assert (found.production, found.last_alias_request) == (None, None)


@pytest.mark.parametrize(
    ("said", "job"),
    [("pending", "pending"), ("in-progress", "pending"), ("succeeded", "succeeded"),
     ("failed", "failed"), ("skipped", "skipped"), ("postponed", "unknown")],
)  # fmt: skip
def test_the_job_of_our_request(stub: Stub, vercel: Vercel, said: str, job: str) -> None:
    found = project(stub, vercel, lastAliasRequest=request(jobStatus=said))
    assert found.alias_job("promote", "dpl_new", WHEN) == job


@pytest.mark.parametrize(
    "other",
    [{"type": "rollback"}, {"toDeploymentId": "dpl_other"}, {"requestedAt": MS - 1}],
)
def test_another_request_is_not_taken_for_ours(
    stub: Stub, vercel: Vercel, other: dict[str, object]
) -> None:
    found = project(stub, vercel, lastAliasRequest=request(**other))
    assert found.alias_job("promote", "dpl_new", WHEN) is AliasJob.NONE


def test_no_request_at_all_is_none(stub: Stub, vercel: Vercel) -> None:
    assert project(stub, vercel).alias_job("rollback", "dpl_old", WHEN) is AliasJob.NONE


def test_a_reading_is_dated_by_vercels_clock(stub: Stub, vercel: Vercel) -> None:
    """Our clock may be wrong by hours; `since` must not be."""
    stub.say(reply({"id": "p", "name": "web"}, date="Mon, 22 Dec 2025 10:40:00 GMT"))
    read_at = vercel.project(PROJECT).read_at
    assert (
        timedelta(0) <= datetime(2025, 12, 22, 10, 40, tzinfo=UTC) - read_at < timedelta(seconds=1)
    )


@pytest.mark.parametrize(("status", "queued"), [(201, False), (202, True)])
def test_a_promote_is_accepted_not_done(
    stub: Stub, vercel: Vercel, status: int, queued: bool
) -> None:
    stub.route(PROMOTE, reply(status=status, body=b""))
    accepted = vercel.promote(PROJECT, "dpl_new")
    assert (accepted.kind, accepted.deployment_id, accepted.queued) == (
        "promote",
        "dpl_new",
        queued,
    )
    assert (stub.seen[0].method, stub.seen[0].json) == ("POST", {})


def test_a_rollback_says_why_in_250_characters(stub: Stub, vercel: Vercel) -> None:
    stub.route(ROLLBACK, reply(status=201, body=b""))
    vercel.rollback(PROJECT, "dpl_old", "é" * 300)
    vercel.rollback(PROJECT, "dpl_old")
    assert stub.seen[0].query["description"] == "é" * 250
    assert "description" not in stub.seen[1].query


@pytest.mark.parametrize(
    ("status", "permanent", "words"),
    [
        (402, True, "the team's plan does not include it"),
        (403, True, "the token may not do this"),
        (409, False, "read the state again"),
        (410, True, "needs an update"),
        (422, True, "not eligible"),
    ],
)
def test_a_refused_rollback_says_what_to_do(
    stub: Stub, vercel: Vercel, status: int, permanent: bool, words: str
) -> None:
    error = {"error": {"code": "x", "message": "not eligible"}}
    stub.route(ROLLBACK, reply(error, status))
    with pytest.raises(ProviderError, match=words) as caught:
        vercel.rollback(PROJECT, "dpl_old")
    assert (caught.value.permanent, caught.value.status) == (permanent, status)
    assert len(stub.seen) == 1


def test_a_lost_answer_to_a_promote_is_unsettled_and_not_repeated(
    stub: Stub, vercel: Vercel
) -> None:
    stub.say(raw(b""), reply(status=201, body=b""))
    with pytest.raises(ProviderError) as caught:
        vercel.promote(PROJECT, "dpl_new")
    assert caught.value.unsettled
    assert len(stub.seen) == 1


def test_a_rate_limit_of_a_minute_gets_some_skew(stub: Stub, vercel: Vercel) -> None:
    stub.say(reply({"error": {"code": "rate_limited", "message": "x"}}, 429, retry_after="60"))
    with pytest.raises(ProviderError) as caught:
        vercel.project(PROJECT)
    assert 60 <= (caught.value.retry_after or 0) <= 90


def test_an_alias_tells_what_is_live(stub: Stub, vercel: Vercel) -> None:
    alias = {"alias": "web.example", "deploymentId": "dpl_1", "projectId": PROJECT, "uid": "1"}
    stub.route("/v4/aliases/web.example", reply(alias))
    assert vercel.alias("web.example", PROJECT).deployment_id == "dpl_1"
    assert stub.seen[0].query["projectId"] == PROJECT


@pytest.mark.parametrize(("kind", "version"), [("promote", "v1"), ("rollback", "v9")])
def test_the_aliases_that_failed_are_named(
    stub: Stub, vercel: Vercel, kind: Any, version: str
) -> None:
    item = {"alias": "web.example", "id": "1", "status": "failed"}
    path = f"/{version}/projects/{PROJECT}/{kind}/aliases"
    stub.route(path, reply({"aliases": [item], "pagination": {"next": None}}))
    assert vercel.failed_aliases(PROJECT, kind)[0].host == "web.example"
    assert stub.seen[0].query["failedOnly"] == "true"


def test_no_rolling_release_is_none(stub: Stub, vercel: Vercel) -> None:
    stub.route(f"/v1/projects/{PROJECT}/rolling-release", reply({"rollingRelease": None}))
    assert vercel.rolling_release(PROJECT) is None


def test_a_rolling_release_is_read_with_its_stages(stub: Stub, vercel: Vercel) -> None:
    stage = {"index": 0, "targetPercentage": 5, "duration": 600, "isFinalStage": False}
    rolling: dict[str, object] = {
        "state": "ACTIVE",
        "substate": "PAUSED",
        "activeStage": stage,
        "nextStage": None,
    }
    rolling |= {"stages": [stage], "canaryDeployment": {"id": "dpl_new"}, "startedAt": MS}
    rolling |= {"currentDeployment": {"id": "dpl_old"}, "queuedDeploymentId": None}
    stub.route(f"/v1/projects/{PROJECT}/rolling-release", reply({"rollingRelease": rolling}))
    found = vercel.rolling_release(PROJECT)
    assert found is not None
    assert (found.base_id, found.canary_id, found.substate) == ("dpl_old", "dpl_new", "PAUSED")
    assert found.stage is not None
    assert (found.stage.percent, found.stage.duration_s) == (5, 600)


@pytest.mark.parametrize("name", ["", "a/b", "..", "a b", "x?y", "é"])
def test_only_an_id_or_a_name_goes_into_a_path(vercel: Vercel, name: str) -> None:
    with pytest.raises(ProviderError, match="not a Vercel id"):
        vercel.project(name)


def variables(stub: Stub, vercel: Vercel, **more: object) -> tuple[Variable, ...]:
    envs = [
        {"key": "DATABASE_URL", "target": ["production", "preview"], "value": "postgres://secret"},
        {"key": "CRON", "target": "production", "customEnvironmentIds": ["env_1"]},
    ]
    stub.route(f"/v10/projects/{PROJECT}/env", reply({"envs": envs, **more}))
    return vercel.variables(PROJECT)


def test_variables_are_names_and_where_they_are_set(stub: Stub, vercel: Vercel) -> None:
    assert variables(stub, vercel) == (
        Variable("DATABASE_URL", ("production", "preview")),
        Variable("CRON", ("production", "env_1")),
    )
    assert "decrypt" not in stub.seen[-1].query


@pytest.mark.parametrize("more", [{"hiddenProductionEnvCount": 2}, {"pagination": {"next": 5}}])
def test_part_of_the_variables_is_not_all_of_them(
    stub: Stub, vercel: Vercel, more: dict[str, object]
) -> None:
    with pytest.raises(ProviderError, match="only part"):
        variables(stub, vercel, **more)
