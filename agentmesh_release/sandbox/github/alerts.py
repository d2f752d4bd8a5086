"""Lists of security alerts: code scanning, Dependabot, secret scanning."""

from collections.abc import Callable
from urllib.parse import urlencode

from .. import clock, ids
from ..routing import Routes
from ..wire import Json, Response, as_json
from . import securityalerts
from .doors import Place, Refusal, in_repository, paged, paging
from .securityalerts import Alert

routes = Routes()
# What GitHub says where the feature is switched off.
OFF = {
    "code-scanning": (403, "Code scanning is not enabled for this repository. Please enable code "
                           "scanning in the repository settings."),
    "dependabot": (403, "Dependabot alerts are disabled for this repository."),
    "secret-scanning": (404, "Secret scanning is disabled on this repository."),
}  # fmt: skip
CLOSED = {"code-scanning": "fixed", "dependabot": "fixed", "secret-scanning": "resolved"}
ECOSYSTEM = "npm"


def _alerts(place: Place, source: str) -> list[Alert]:
    """Those that the call asks for. Raises Refusal where the feature is off."""
    sandbox = place.call.sandbox
    if not securityalerts.is_on(sandbox, place.project, source):
        raise Refusal(*OFF[source])
    wanted = place.call.request.first("state")
    return [
        one
        for one in securityalerts.of(sandbox, place.project, source)
        if wanted in ("", "open" if one.is_open else CLOSED[source])
    ]


def _shared(place: Place, source: str, one: Alert) -> Json:
    return {
        "number": one.number,
        "created_at": clock.iso(one.created_at),
        "updated_at": clock.iso(one.closed_at or one.created_at),
        "url": f"{place.api}/{source}/alerts/{one.number}",
        "html_url": f"{place.page}/security/{source}/{one.number}",
        "state": "open" if one.is_open else CLOSED[source],
    }


def _ended(one: Alert, *, dismissed: bool = True) -> Json:
    ended: Json = {"fixed_at": clock.iso(one.closed_at) if one.closed_at else None}
    if dismissed:
        ended |= {"dismissed_by": None, "dismissed_at": None, "dismissed_reason": None}
    return ended


def _code(place: Place, one: Alert) -> Json:
    rule = f"js/{'-'.join(one.summary.lower().split())[:60]}"
    ref = f"refs/heads/{place.project.default_branch}"
    return {
        **_shared(place, "code-scanning", one),
        **_ended(one),
        "dismissed_comment": None,
        "instances_url": f"{place.api}/code-scanning/alerts/{one.number}/instances",
        "rule": {
            "id": rule,
            "name": rule,
            "severity": "error" if one.severity in ("high", "critical") else "warning",
            "security_severity_level": one.severity,
            "description": one.summary,
            "tags": ["security"],
        },
        "tool": {"name": "CodeQL", "guid": None, "version": "2.20.1"},
        "most_recent_instance": {
            "ref": ref,
            "analysis_key": ".github/workflows/codeql.yml:analyze",
            "category": "/language:javascript",
            "environment": "{}",
            "state": "open" if one.is_open else "fixed",
            "commit_sha": place.project.head(place.call.sandbox) or "0" * 40,
            "message": {"text": one.summary},
            "location": {"path": "src/index.ts", "start_line": 12, "end_line": 12,
                         "start_column": 3, "end_column": 40},
            "classifications": [],
        },
    }  # fmt: skip


def _vulnerability(one: Alert) -> Json:
    return {
        "package": _package(one),
        "severity": one.severity,
        "vulnerable_version_range": "< 2.0.0",
        "first_patched_version": {"identifier": "2.0.0"},
    }


def _package(one: Alert) -> Json:
    return {"ecosystem": ECOSYSTEM, "name": one.summary.split()[0].strip(":").lower()[:60]}


def _dependency(place: Place, one: Alert) -> Json:
    ghsa = ids.derived("GHSA-", place.project.name, str(one.number), length=12)
    at = clock.iso(one.created_at)
    return {
        **_shared(place, "dependabot", one),
        **_ended(one),
        "dismissed_comment": None,
        "dependency": {
            "package": _package(one),
            "manifest_path": "package-lock.json",
            "scope": "runtime",
            "relationship": "direct",
        },
        "security_vulnerability": _vulnerability(one),
        "security_advisory": {
            "ghsa_id": ghsa,
            "cve_id": None,
            "summary": one.summary,
            "description": one.summary,
            "vulnerabilities": [_vulnerability(one)],
            "severity": one.severity,
            "cvss": {"score": 7.5, "vector_string": None},
            "cwes": [],
            "identifiers": [{"type": "GHSA", "value": ghsa}],
            "references": [],
            "published_at": at,
            "updated_at": at,
            "withdrawn_at": None,
        },
    }


def _secret(place: Place, one: Alert) -> Json:
    """With the secret itself, as GitHub sends it unless `hide_secret` asks for none."""
    shown: Json = {
        **_shared(place, "secret-scanning", one),
        "locations_url": f"{place.api}/secret-scanning/alerts/{one.number}/locations",
        "resolution": None if one.is_open else "revoked",
        "resolved_at": clock.iso(one.closed_at) if one.closed_at else None,
        "resolved_by": None,
        "secret_type": "_".join(one.summary.lower().split())[:60],
        "secret_type_display_name": one.summary,
        "validity": "unknown",
    }
    if place.call.request.first("hide_secret") != "true":
        shown["secret"] = ids.derived("secret_", place.project.name, str(one.number), length=24)
    return shown


def _list(source: str, shape: Callable[[Place, Alert], Json]) -> Callable[[Place], Response]:
    def answer(place: Place) -> Response:
        return paged(place.call, [shape(place, one) for one in _alerts(place, source)])

    return answer


def _dependabot(place: Place) -> Response:
    """By cursor: `after` is the number of the last alert seen, newest first."""
    call, per_page = place.call, paging(place.call).per_page
    if call.request.first("page"):
        raise Refusal(400, "Pagination using the `page` parameter is not supported.")
    after = call.request.first("after")
    found = [
        one
        for one in _alerts(place, "dependabot")
        if not after.isdigit() or one.number < int(after)
    ]
    shown, headers = found[:per_page], {}
    if len(found) > per_page:
        query = {**{name: values[-1] for name, values in call.request.query.items()},
                 "after": str(shown[-1].number)}  # fmt: skip
        address = f"{call.request.origin}{call.request.path}?{urlencode(query)}"
        headers = {"Link": f'<{address}>; rel="next"'}
    return as_json([_dependency(place, one) for one in shown], headers=headers)


for _source, _answer in (
    ("code-scanning", _list("code-scanning", _code)),
    ("dependabot", _dependabot),
    ("secret-scanning", _list("secret-scanning", _secret)),
):
    routes.get(f"/repos/{{owner}}/{{repo}}/{_source}/alerts")(in_repository(_answer))
