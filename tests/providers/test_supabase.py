"""Supabase's management API: health in its own words, and refusals that say what is missing."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.supabase import Supabase
from tests.providers.conftest import QUICK, TOKEN
from tests.providers.databases import error_of
from tests.providers.stub import Stub, reply

REF = "abcdefghijklmnopqrst"
PROJECT = {
    "ref": REF,
    "name": "agentmesh",
    "status": "RESTORING",
    "region": "eu-central-1",
    "database": {"version": "17.4.1.074"},
}


@pytest.fixture
def supabase(stub: Stub) -> Supabase:
    return Supabase(stub.url, TOKEN, timeouts=QUICK)


def test_a_status_other_than_healthy_is_not_healthy(stub: Stub, supabase: Supabase) -> None:
    stub.say(reply(PROJECT))
    found = supabase.project(REF)
    assert (found.name, found.status, found.is_healthy) == ("agentmesh", "RESTORING", False)
    assert stub.seen[0].path == f"/v1/projects/{REF}"


def test_services_are_asked_for_one_by_one(stub: Stub, supabase: Supabase) -> None:
    stub.say(reply([{"name": "rest", "status": "UNHEALTHY", "error": "no schema"}]))
    (rest,) = supabase.health(REF)
    assert (rest.is_healthy, rest.error) == (False, "no schema")
    stub.say(reply([]))
    assert supabase.health(REF) == ()


def test_backups_tell_from_when_to_when(stub: Stub, supabase: Supabase) -> None:
    span = {
        "earliest_physical_backup_date_unix": 1765800000,
        "latest_physical_backup_date_unix": 1766399800,
    }
    stub.say(reply({"pitr_enabled": True, "backups": [], "physical_backup_data": span}))
    found = supabase.backups(REF)
    assert found.point_in_time
    assert found.earliest
    assert found.latest
    assert found.earliest < found.latest


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, "expired or revoked"), (403, "may not see that project"), (404, "no such project")],
)
def test_a_refusal_says_what_it_means(
    stub: Stub, supabase: Supabase, status: int, words: str
) -> None:
    stub.say(reply({"message": "no"}, status))
    assert words in str(error_of(lambda: supabase.project(REF)))


@pytest.mark.parametrize("ref", ["", "short", "ABCDEFGHIJKLMNOPQRST", "../v1/x"])
def test_what_is_no_ref_is_not_asked_for(stub: Stub, supabase: Supabase, ref: str) -> None:
    assert "20 lower-case letters" in str(error_of(lambda: supabase.project(ref)))
    assert not stub.seen
