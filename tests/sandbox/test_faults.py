"""Any provider can be made to misbehave, alone, by path, for a number of calls."""

import threading
import time

import pytest
import requests

from .conftest import Registered
from .running import Running, eventually

PROVIDERS = {
    "github": "/github/rate_limit",
    "vercel": "/vercel/v10/projects",
    "supabase": "/supabase/v1/projects",
    "prometheus": "/prometheus/api/v1/query?query=up{job=%22shown%22}",
}


@pytest.mark.parametrize("provider", PROVIDERS)
@pytest.mark.parametrize("status", ["429", "500"])
def test_a_provider_answers_a_status_and_recovers(
    shown: Registered, provider: str, status: str
) -> None:
    shown.sandbox.act("faults", provider=provider, kind=status)
    answer = shown.sandbox.ask("GET", PROVIDERS[provider])
    assert answer.status == int(status)
    assert ("Retry-After" in answer.headers) == (status == "429")
    shown.sandbox.act("faults", provider=provider, kind="recover")
    assert shown.sandbox.ask("GET", PROVIDERS[provider]).status == 200


def test_a_fault_ends_after_its_number_of_calls(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="vercel", kind="500", times=2)
    statuses = [shown.sandbox.ask("GET", shown.vercel).status for _ in range(3)]
    assert statuses == [500, 500, 200]


def test_a_fault_may_be_for_one_path_and_method(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="vercel", kind="500", path="/v9/projects", method="get")
    assert shown.sandbox.ask("GET", shown.vercel).status == 500
    assert shown.sandbox.ask("GET", "/vercel/v10/projects").status == 200
    assert shown.sandbox.ask("PATCH", shown.vercel, {}).status == 200


def test_one_order_can_be_for_all_providers(sandbox: Running) -> None:
    sandbox.act("faults", provider="*", kind="500")
    assert {sandbox.ask("GET", path).status for path in PROVIDERS.values()} == {500}
    assert sandbox.ask("GET", "/_control/livez").status == 200


def test_a_hanging_provider_hangs_alone(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="vercel", kind="hang", seconds=20)

    def wait() -> None:
        with pytest.raises(requests.ConnectionError):
            requests.get(shown.sandbox.url + shown.vercel, timeout=15)

    waiting = threading.Thread(target=wait)
    waiting.start()
    time.sleep(0.2)
    assert shown.sandbox.ask("GET", shown.github).status == 200
    assert waiting.is_alive()
    shown.sandbox.act("faults/clear", provider="vercel")
    waiting.join(5)
    assert not waiting.is_alive()


def test_html_comes_with_200(shown: Registered) -> None:
    shown.sandbox.act("faults", provider="github", kind="html", times=1)
    answer = shown.sandbox.ask("GET", shown.github)
    assert (answer.status, answer.body) == (200, None)
    assert answer.text.startswith("<!doctype html>")


def test_half_a_body_acts_and_is_cut(project: Registered) -> None:
    project.sandbox.act("faults", provider="vercel", kind="half", times=1)
    with pytest.raises((requests.ConnectionError, requests.exceptions.ChunkedEncodingError)):
        project.project()


def test_a_late_answer_has_acted(project: Registered) -> None:
    staged = project.staged()
    project.sandbox.act("faults", provider="vercel", kind="late", times=1, method="POST")
    with pytest.raises(requests.ConnectionError):
        project.promote(staged)
    assert project.job_ends() == "succeeded"
    assert project.live() == staged


def test_a_slow_call_acts_after_its_caller_gave_up(project: Registered) -> None:
    staged, before = project.staged(), project.live()
    project.sandbox.act(
        "faults", provider="vercel", kind="slow", seconds=1, times=1, path="/v10/", method="POST"
    )
    path = f"/vercel/v10/projects/{project.facts['vercel_project_id']}/promote/{staged}"
    with pytest.raises(requests.Timeout):
        requests.post(
            project.sandbox.url + path, headers={"Authorization": "Bearer x"}, timeout=0.3
        )
    assert project.live() == before
    eventually(lambda: project.live() == staged)


def test_a_dropped_call_has_not_acted(project: Registered) -> None:
    staged, before = project.staged(), project.live()
    project.sandbox.act("faults", provider="vercel", kind="drop", times=1, method="POST")
    with pytest.raises(requests.ConnectionError):
        project.promote(staged)
    assert project.project()["lastAliasRequest"] is None
    assert project.live() == before


def test_calls_are_counted_with_what_went_wrong(sandbox: Running) -> None:
    sandbox.act("requests/reset")
    sandbox.act("faults", provider="vercel", kind="500", times=1)
    for _ in range(2):
        sandbox.ask("GET", "/vercel/v10/projects")
    found = sandbox.get("/_control/requests?vendor=vercel")
    assert found["counters"]["vercel GET"] == 2
    assert [(one["status"], one["fault"]) for one in found["requests"]] == [(500, "500"), (200, "")]
    newer = sandbox.get(f"/_control/requests?vendor=vercel&since={found['requests'][0]['id']}")
    assert len(newer["requests"]) == 1
