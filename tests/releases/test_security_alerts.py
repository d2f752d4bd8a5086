"""GitHub's security alerts, read slowly and kept with their age."""

import pytest

from releases.evidence import alerts
from releases.models import SecurityReading
from releases.slow_polling import ALERTS_S, ALERTS_UNREADABLE_S, read_alerts
from tests.releases.imports import NOW

from .sandboxed import Demo

SOURCES = ("code-scanning", "dependabot", "secret-scanning")


def reading(demo: Demo, source: str = "dependabot") -> SecurityReading:
    alerts.read(demo.project, NOW)
    return demo.project.security_readings.get(source=source)


def test_open_alerts_are_kept_with_their_severity(demo: Demo) -> None:
    demo.act("alerts", source="dependabot", severity="critical", summary="lodash: bad")
    demo.act("alerts", source="dependabot", severity="low", summary="left-pad: meh")
    found = reading(demo)
    assert (found.open_count, found.severities) == (2, {"critical": 1, "low": 1})
    assert found.alerts[0]["summary"].endswith("left-pad: meh")
    assert (found.why, found.read_at) == ("", NOW)


def test_a_closed_alert_is_gone_at_the_next_reading(demo: Demo) -> None:
    number = demo.act("alerts", source="code-scanning")["number"]
    assert reading(demo, "code-scanning").open_count == 1
    demo.act("alerts/close", source="code-scanning", number=number)
    assert reading(demo, "code-scanning").open_count == 0


@pytest.mark.parametrize("source", SOURCES)
def test_what_cannot_be_read_is_not_clean(demo: Demo, source: str) -> None:
    demo.act("alerts/reading", source=source, on=False)
    found = reading(demo, source)
    assert found.why
    assert "403" in found.why or "404" in found.why


def test_a_token_that_is_refused_leaves_all_of_it_unknown(demo: Demo) -> None:
    demo.sandbox.ask("POST", "/_control/faults", {"provider": "github", "kind": "401"})
    try:
        assert not alerts.read(demo.project, NOW)
    finally:
        demo.sandbox.ask("POST", "/_control/faults/clear", {})
    assert all("401" in each.why for each in demo.project.security_readings.all())


def test_it_asks_rarely_and_more_rarely_where_nothing_can_be_read(demo: Demo) -> None:
    assert read_alerts(demo.project.slug) == ALERTS_S
    for source in SOURCES:
        demo.act("alerts/reading", source=source, on=False)
    assert read_alerts(demo.project.slug) == ALERTS_UNREADABLE_S


def test_the_secret_that_leaked_is_nowhere(demo: Demo) -> None:
    demo.act("alerts", source="secret-scanning", summary="Stripe API key")
    found = reading(demo, "secret-scanning")
    assert "secret_" not in str(found.alerts).replace("secret_scanning", "")
