"""PagerDuty Events API v2 (FACTS 6): accepted is all that 202 says."""

import secrets
from collections.abc import Mapping

from . import messages
from .journal import Cause
from .routing import Call, Routes
from .sandbox import Sandbox
from .wire import BadBody, Json, Request, Response, as_json

routes = Routes("/pagerduty")
ACTIONS = ("trigger", "acknowledge", "resolve")
SEVERITIES = ("critical", "error", "warning", "info")
MOST_BYTES = 512 * 1024


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """An error in PagerDuty's words."""
    body = {"status": "throttle exceeded" if status == 429 else "error", "message": "Refused"}
    return as_json(body, status, headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /pagerduty."""
    found = routes.find(request)
    if found is None:
        return _invalid("Not Found", status=404)
    handler, params = found
    try:
        return handler(Call(sandbox, request, params))
    except BadBody as error:
        return _invalid(str(error))


def _invalid(*errors: str, status: int = 400) -> Response:
    body = {"status": "invalid event", "message": "Event object is invalid", "errors": list(errors)}
    return as_json(body, status)


@routes.post("/v2/enqueue")
def enqueue(call: Call) -> Response:
    """An alert event; the dedup_key comes back, made up when there was none."""
    body = call.request.json()
    wrong = _faults(body) or _payload_faults(body)
    if len(call.request.body) > MOST_BYTES:
        wrong.append("body exceeds 512 KB")
    if wrong:
        return _invalid(*wrong)
    key = str(body.get("dedup_key") or secrets.token_hex(16))
    summary = str((body.get("payload") or {}).get("summary") or key)
    _keep(call, f"{body['event_action']}", summary, body)
    message = {"status": "success", "message": "Event processed", "dedup_key": key}
    return as_json(message, 202)


@routes.post("/v2/change/enqueue")
def change(call: Call) -> Response:
    """A change event; nobody is woken."""
    body = call.request.json()
    payload = body.get("payload")
    if not _is_key(body.get("routing_key")) or str(body.get("routing_key")).startswith("R"):
        return _invalid("routing_key is invalid")
    if not isinstance(payload, dict) or not payload.get("summary"):
        return _invalid("payload.summary is missing")
    _keep(call, "change", str(payload["summary"]), body)
    return as_json({"status": "success", "message": "Change event processed"}, 202)


def _is_key(value: object) -> bool:
    return isinstance(value, str) and len(value) == 32


def _faults(body: Json) -> list[str]:
    wrong = []
    if not _is_key(body.get("routing_key")):
        wrong.append("routing_key is missing or is not 32 characters")
    if body.get("event_action") not in ACTIONS:
        wrong.append("event_action is missing or is not one of trigger, acknowledge, resolve")
    elif body["event_action"] != "trigger" and not body.get("dedup_key"):
        wrong.append("dedup_key is missing")
    if len(str(body.get("dedup_key") or "")) > 255:
        wrong.append("dedup_key is longer than 255 characters")
    return wrong


def _payload_faults(body: Json) -> list[str]:
    if body.get("event_action") != "trigger":
        return []
    payload = body.get("payload")
    if not isinstance(payload, dict):
        return ["payload is missing"]
    wrong = [
        f"payload.{name} is missing" for name in ("summary", "source") if not payload.get(name)
    ]
    if len(str(payload.get("summary") or "")) > 1024:
        wrong.append("payload.summary is longer than 1024 characters")
    if payload.get("severity") not in SEVERITIES:
        wrong.append("payload.severity is not one of critical, error, warning, info")
    return wrong


def _keep(call: Call, kind: str, summary: str, body: Json) -> None:
    kept = body | {"routing_key": "kept out"}
    with call.sandbox.store.transaction():
        id_ = messages.keep(call.sandbox, "pagerduty", kind, summary, kept)
        cause = Cause(call.request.id, "client")
        call.sandbox.journal.add("pagerduty", "event_accepted", "", cause, message=id_, action=kind)
