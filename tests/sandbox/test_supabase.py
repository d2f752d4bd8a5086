"""FACTS 3: project, health, backups, and a restore that only starts."""

import time

from .conftest import Registered
from .running import Running


def path(project: Registered, rest: str = "") -> str:
    return f"/supabase/v1/projects/{project.facts['supabase_ref']}{rest}"


def test_3_a_call_without_a_token_is_refused(sandbox: Running) -> None:
    answer = sandbox.ask("GET", "/supabase/v1/projects", headers={"Authorization": ""})
    assert answer.status == 401


def test_3_a_project_has_a_ref_of_twenty_letters(shown: Registered) -> None:
    ref = shown.facts["supabase_ref"]
    assert len(ref) == 20
    assert ref.isalpha()
    assert ref.islower()
    assert shown.sandbox.get(path(shown))["status"] == "ACTIVE_HEALTHY"


def test_3_health_wants_to_know_of_which_services(shown: Registered) -> None:
    assert shown.sandbox.ask("GET", path(shown, "/health")).status == 400
    found = shown.sandbox.get(path(shown, "/health?services=db&services=auth"))
    assert [(one["name"], one["status"]) for one in found] == [
        ("db", "ACTIVE_HEALTHY"),
        ("auth", "ACTIVE_HEALTHY"),
    ]


def test_3_the_rate_limit_tells_seconds_left(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="supabase", kind="429", times=1, seconds=20)
    answer = shown.sandbox.ask("GET", path(shown))
    assert (answer.status, answer.headers["X-RateLimit-Reset"]) == (429, "20")


def test_3_a_restore_has_no_body_and_only_starts(project: Registered) -> None:
    span = project.sandbox.get(path(project, "/database/backups"))["physical_backup_data"]
    assert span["latest_physical_backup_date_unix"] < time.time()
    target = {"recovery_time_target_unix": span["latest_physical_backup_date_unix"]}
    started = project.sandbox.ask("POST", path(project, "/database/backups/restore-pitr"), target)
    assert (started.status, started.text) == (201, "")
    assert project.sandbox.get(path(project))["status"] == "RESTORING"
    assert project.sandbox.get(path(project, "/health?services=db"))[0]["status"] == "COMING_UP"
    assert len(project.journal(kind="restore_started")) == 1


def test_3_a_restore_outside_the_window_is_refused(project: Registered) -> None:
    target = {"recovery_time_target_unix": int(time.time()) + 3600}
    answer = project.sandbox.ask("POST", path(project, "/database/backups/restore-pitr"), target)
    assert answer.status == 400
    assert project.journal(kind="restore_started") == []
