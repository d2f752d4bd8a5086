"""Vercel in the sandbox: a job is followed to its end, and asked for once."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import AliasJob, Vercel
from tests.providers.sandboxed.conftest import fault
from tests.sandbox.conftest import Registered
from tests.sandbox.running import eventually


def settled(vercel: Vercel, name: str, kind: str, deployment: str, since: datetime) -> AliasJob:
    """How the job ends, by asking again and again."""

    def ended() -> AliasJob | None:
        job = vercel.project(name).alias_job(kind, deployment, since)  # type: ignore[arg-type]
        return None if job in {AliasJob.PENDING, AliasJob.NONE} else job

    found: AliasJob = eventually(ended)
    return found


def test_a_promote_is_followed_to_its_end(project: Registered, vercel: Vercel, name: str) -> None:
    staged, looked = project.staged(), vercel.project(name)
    accepted = vercel.promote(name, staged)
    assert abs(accepted.asked_at - looked.read_at) < timedelta(seconds=3)
    assert settled(vercel, name, "promote", staged, looked.read_at) is AliasJob.SUCCEEDED
    assert vercel.alias(project.facts["production_domain"]).deployment_id == staged


def test_a_rollback_switches_the_assignment_of_domains_off_and_a_promote_on(
    project: Registered, vercel: Vercel, name: str
) -> None:
    candidate = next(vercel.deployments(name, rollback_candidate=True)).id
    looked = vercel.project(name)
    vercel.rollback(name, candidate, "errors went up")
    assert settled(vercel, name, "rollback", candidate, looked.read_at) is AliasJob.SUCCEEDED
    after = vercel.project(name)
    assert after.auto_assign_custom_domains is False
    assert after.rollback_description == "errors went up"
    assert after.production is not None
    assert after.production.id == candidate


def test_an_older_request_of_the_same_kind_is_not_ours(
    project: Registered, vercel: Vercel, name: str
) -> None:
    staged, looked = project.staged(), vercel.project(name)
    vercel.promote(name, staged)
    settled(vercel, name, "promote", staged, looked.read_at)
    time.sleep(1.1)  # the Date header, and so `read_at`, is of whole seconds
    later = vercel.project(name)
    assert later.alias_job("promote", staged, later.read_at) is AliasJob.NONE


def test_a_second_job_is_a_conflict_that_may_pass(
    project: Registered, vercel: Vercel, name: str
) -> None:
    candidate = project.candidate()
    vercel.promote(name, project.staged())
    with pytest.raises(ProviderError, match="read the state again") as caught:
        vercel.rollback(name, candidate)
    assert (caught.value.status, caught.value.permanent) == (409, False)


def test_a_preview_cannot_go_live(project: Registered, vercel: Vercel, name: str) -> None:
    preview = project.act("pulls", subject="a preview")["deployment"]
    project.ready(preview)
    with pytest.raises(ProviderError) as caught:
        vercel.promote(name, preview)
    assert caught.value.permanent


@pytest.mark.parametrize("kind", ["late", "half", "drop", "hang", "502"])
def test_a_promote_whose_answer_is_lost_is_asked_for_once(
    project: Registered, vercel: Vercel, name: str, kind: str
) -> None:
    staged, looked = project.staged(), vercel.project(name)
    fault(project, "vercel", kind, method="post", times=1)
    with suppress(ProviderError):
        vercel.promote(name, staged)
    taken = vercel.project(name).alias_job("promote", staged, looked.read_at)
    if taken is AliasJob.NONE:
        vercel.promote(name, staged)
    assert settled(vercel, name, "promote", staged, looked.read_at) is AliasJob.SUCCEEDED
    assert [one["kind"] for one in project.journal(vendor="vercel")] == ["promoted"]


@pytest.mark.parametrize("kind", ["500", "502", "drop", "half", "html"])
def test_a_read_survives_one_bad_answer(
    project: Registered, vercel: Vercel, name: str, kind: str
) -> None:
    fault(project, "vercel", kind, times=1)
    assert vercel.project(name).id == name
