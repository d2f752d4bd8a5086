"""Security alerts: opened, listed a page at a time, closed, and refused where they are off."""

import pytest

from .conftest import Registered

SOURCES = ("code-scanning", "dependabot", "secret-scanning")


@pytest.mark.parametrize("source", SOURCES)
def test_an_alert_is_open_until_it_is_closed(project: Registered, source: str) -> None:
    number = project.act("alerts", source=source, severity="low", summary="Left open")["number"]
    path = f"{project.github}/{source}/alerts"
    assert [one["number"] for one in project.sandbox.get(f"{path}?state=open")] == [number]
    project.act("alerts/close", source=source, number=number)
    assert project.sandbox.get(f"{path}?state=open") == []
    assert project.sandbox.get(path)[0]["state"] in ("fixed", "resolved")


@pytest.mark.parametrize(("source", "status"), list(zip(SOURCES, (403, 403, 404), strict=True)))
def test_a_feature_that_is_off_refuses_in_its_own_words(
    project: Registered, source: str, status: int
) -> None:
    project.act("alerts/reading", source=source, on=False)
    refused = project.sandbox.ask("GET", f"{project.github}/{source}/alerts")
    assert refused.status == status
    assert "abled" in refused.body["message"]
    project.act("alerts/reading", source=source, on=True)
    assert project.sandbox.get(f"{project.github}/{source}/alerts") == []


def test_dependabot_goes_on_by_cursor_and_knows_no_page(project: Registered) -> None:
    for _ in range(3):
        project.act("alerts", source="dependabot")
    path = f"{project.github}/dependabot/alerts"
    first = project.sandbox.ask("GET", f"{path}?per_page=2")
    assert [one["number"] for one in first.body] == [3, 2]
    assert "after=2" in first.headers["Link"]
    assert [one["number"] for one in project.sandbox.get(f"{path}?after=2")] == [1]
    assert project.sandbox.ask("GET", f"{path}?page=2").status == 400


def test_a_secret_is_sent_unless_it_is_to_be_hidden(project: Registered) -> None:
    project.act("alerts", source="secret-scanning")
    path = f"{project.github}/secret-scanning/alerts"
    assert "secret" in project.sandbox.get(path)[0]
    assert "secret" not in project.sandbox.get(f"{path}?hide_secret=true")[0]


def test_opening_and_closing_are_in_the_journal(project: Registered) -> None:
    number = project.act("alerts", source="dependabot")["number"]
    project.act("alerts/close", source="dependabot", number=number)
    found = project.sandbox.get(f"/_control/journal?project={project.name}&vendor=github")["events"]
    assert [one["kind"] for one in found][-2:] == ["alert_opened", "alert_closed"]
