"""Security alerts that GitHub has for a repository, of three kinds.

https://docs.github.com/en/code-security/getting-started/github-security-features
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.github.protection import Unknown
from agentmesh_release.providers.http import Http

MOST = 500


class AlertSource(StrEnum):
    """Which of GitHub's features found it."""

    CODE_SCANNING = "code-scanning"
    DEPENDABOT = "dependabot"
    SECRET_SCANNING = "secret-scanning"


@dataclass(frozen=True)
class Alert:
    """One open alert. `severity` is low, medium, high or critical, empty where GitHub gives none;
    the secret that secret scanning found is never read."""

    number: int
    summary: str
    severity: str
    url: str
    created_at: datetime | None


@dataclass(frozen=True)
class OpenAlerts:
    """What is open, newest first; `may_be_cut` where there are more than were read."""

    alerts: tuple[Alert, ...]
    may_be_cut: bool = False


class Alerts:
    """The security alerts of repositories."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def open(self, repo: str, source: AlertSource) -> OpenAlerts | Unknown:
        """The open ones of one source. Unknown with the reason where the feature is not enabled,
        or the token may not read it (403, 404): that is no clean repository.

        Other failures (timeouts, limits) raise ProviderError: they say nothing about it.
        https://docs.github.com/en/rest/code-scanning/code-scanning#list-code-scanning-alerts-for-a-repository
        https://docs.github.com/en/rest/dependabot/alerts#list-dependabot-alerts-for-a-repository
        https://docs.github.com/en/rest/secret-scanning/secret-scanning#list-secret-scanning-alerts-for-a-repository
        """
        # Without it GitHub sends the secret that leaked, in clear.
        hidden = {"hide_secret": True} if source is AlertSource.SECRET_SCANNING else {}
        found: list[Alert] = []
        try:
            for page in pages(self._http, at(repo, source, "alerts"), state="open", **hidden):
                found += map(READERS[source], many(page.data, f"GitHub's list of {source} alerts"))
                if len(found) > MOST:
                    return OpenAlerts(tuple(found[:MOST]), may_be_cut=True)
        except ProviderError as error:
            if error.status in {403, 404} and error.permanent:
                return Unknown(error.message)
            raise
        return OpenAlerts(tuple(found))


def _of_code(fields: Fields) -> Alert:
    rule = fields.part("rule")
    summary = rule.maybe_text("description") or rule.maybe_text("name") or ""
    return _alert(fields, summary, rule.maybe_text("security_severity_level"))


def _of_dependency(fields: Fields) -> Alert:
    package = fields.part("dependency").part("package").maybe_text("name")
    advisory = fields.part("security_advisory")
    said = [text for text in (package, advisory.maybe_text("summary")) if text]
    return _alert(fields, ": ".join(said), advisory.maybe_text("severity"))


def _of_secret(fields: Fields) -> Alert:
    kind = fields.maybe_text("secret_type_display_name") or fields.maybe_text("secret_type")
    return _alert(fields, kind or "", None)


def _alert(fields: Fields, summary: str, severity: str | None) -> Alert:
    return Alert(
        number=fields.whole("number"),
        summary=summary or "It has no summary.",
        severity=severity or "",
        url=fields.maybe_text("html_url") or "",
        created_at=fields.maybe_time("created_at"),
    )


READERS: dict[AlertSource, Callable[[Fields], Alert]] = {
    AlertSource.CODE_SCANNING: _of_code,
    AlertSource.DEPENDABOT: _of_dependency,
    AlertSource.SECRET_SCANNING: _of_secret,
}
