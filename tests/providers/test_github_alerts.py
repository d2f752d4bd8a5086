"""Security alerts of GitHub, and that not being able to read them is not a clean repository."""

from __future__ import annotations

import pytest

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import AlertSource, GitHub, OpenAlerts, Unknown
from agentmesh_release.providers.github.alerts import MOST
from tests.providers.payloads import REPO
from tests.providers.stub import Stub, reply

PATH = f"/repos/{REPO}/%s/alerts"
SHARED = {"number": 7, "html_url": "https://x/7", "created_at": "2026-03-01T10:00:00Z"}
RULE = {"description": "SQL injection", "security_severity_level": "high", "severity": "error"}
ADVISORY = {"summary": "Prototype pollution", "severity": "critical"}
PACKAGE = {"package": {"ecosystem": "npm", "name": "lodash"}}


@pytest.mark.parametrize(
    ("source", "payload", "summary", "severity"),
    [
        (AlertSource.CODE_SCANNING, {"rule": RULE}, "SQL injection", "high"),
        (
            AlertSource.DEPENDABOT,
            {"dependency": PACKAGE, "security_advisory": ADVISORY},
            "lodash: Prototype pollution",
            "critical",
        ),
        (AlertSource.SECRET_SCANNING, {"secret_type_display_name": "API key"}, "API key", ""),
        (AlertSource.CODE_SCANNING, {}, "It has no summary.", ""),
    ],
)
def test_each_source_is_read(
    stub: Stub,
    github: GitHub,
    source: AlertSource,
    payload: dict[str, object],
    summary: str,
    severity: str,
) -> None:
    stub.route(PATH % source, reply([{**SHARED, **payload}]))
    found = github.alerts.open(REPO, source)
    assert isinstance(found, OpenAlerts)
    (alert,) = found.alerts
    assert (alert.number, alert.summary, alert.severity) == (7, summary, severity)


@pytest.mark.parametrize("status", [403, 404])
def test_a_feature_that_is_off_is_unknown_and_says_why(
    stub: Stub, github: GitHub, status: int
) -> None:
    said = {"message": "Dependabot alerts are disabled for this repository."}
    stub.route(PATH % "dependabot", reply(said, status))
    found = github.alerts.open(REPO, AlertSource.DEPENDABOT)
    assert isinstance(found, Unknown)
    assert "disabled" in found.why or "not there" in found.why


def test_a_provider_that_is_down_says_nothing_of_the_repository(stub: Stub, github: GitHub) -> None:
    stub.route(PATH % "dependabot", reply({}, 503))
    with pytest.raises(ProviderError):
        github.alerts.open(REPO, AlertSource.DEPENDABOT)


def test_a_limit_is_no_missing_permission(stub: Stub, github: GitHub) -> None:
    limited = reply({"message": "rate limit"}, 403, retry_after="30")
    stub.route(PATH % "dependabot", limited)
    with pytest.raises(ProviderError) as refused:
        github.alerts.open(REPO, AlertSource.DEPENDABOT)
    assert refused.value.retry_after == 30


def test_the_secret_itself_is_not_asked_for(stub: Stub, github: GitHub) -> None:
    stub.route(PATH % "secret-scanning", reply([]))
    github.alerts.open(REPO, AlertSource.SECRET_SCANNING)
    assert stub.seen[-1].query["hide_secret"] == "true"


def test_more_than_are_read_is_said(stub: Stub, github: GitHub) -> None:
    stub.route(PATH % "code-scanning", reply([{**SHARED, "number": n} for n in range(MOST + 1)]))
    found = github.alerts.open(REPO, AlertSource.CODE_SCANNING)
    assert isinstance(found, OpenAlerts)
    assert (len(found.alerts), found.may_be_cut) == (MOST, True)
