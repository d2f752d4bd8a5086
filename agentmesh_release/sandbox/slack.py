"""Slack: chat.postMessage and incoming webhooks (FACTS 7). The API answers 200 even to say no."""

import json
from collections.abc import Mapping

from . import messages
from .journal import Cause
from .routing import Call, Routes
from .sandbox import Sandbox
from .wire import BadBody, Request, Response, as_json, as_text

routes = Routes("/slack")
LONGEST_TEXT = 40_000


def refuse(status: int, headers: Mapping[str, str]) -> Response:
    """429 with Retry-After in Slack's words; anything else as text."""
    if status == 429:
        return as_json({"ok": False, "error": "ratelimited"}, 429, headers)
    text = as_text("rollup_error" if status == 500 else "error", status)
    return Response(text.status, text.body, text.content_type, headers)


def answer(sandbox: Sandbox, request: Request) -> Response:
    """Answer one call below /slack."""
    found = routes.find(request)
    if found is None:
        return as_json({"ok": False, "error": "unknown_method"})
    handler, params = found
    return handler(Call(sandbox, request, params))


def _no(error: str) -> Response:
    return as_json({"ok": False, "error": error})


@routes.post("/api/chat.postMessage")
def post_message(call: Call) -> Response:
    """Keep a message; `ts` and channel identify it."""
    if not call.request.bearer():
        return _no("not_authed")
    is_json = "json" in call.request.headers.get("content-type", "")
    try:
        body = call.request.json() if is_json else dict(call.request.form())
    except BadBody:
        return _no("invalid_json" if is_json else "invalid_form_data")
    channel, text = body.get("channel"), body.get("text")
    if not channel:
        return _no("channel_not_found")
    if not text and not body.get("blocks"):
        return _no("no_text")
    if len(str(text or "")) > LONGEST_TEXT:
        return _no("msg_too_long")
    id_ = _keep(call, "chat.postMessage", f"{channel}: {text}", body)
    ts = f"{call.request.at_ms // 1000}.{id_ % 1_000_000:06d}"
    message = {
        "type": "message",
        "bot_id": "B0SANDBOX",
        "user": "U0SANDBOX",
        "text": text,
        "ts": ts,
    }
    return as_json({"ok": True, "channel": channel, "ts": ts, "message": message})


@routes.post("/services/{team}/{bot}/{secret}")
def incoming_webhook(call: Call) -> Response:
    """Keep a message; success is the text `ok`."""
    try:
        form = call.request.headers.get("content-type", "").startswith("application/x-www-form")
        body = json.loads(call.request.form()["payload"]) if form else call.request.json()
    except (BadBody, KeyError, ValueError):
        return as_text("invalid_payload", 400)
    if not isinstance(body, dict) or not (body.get("text") or body.get("blocks")):
        return as_text("no_text", 400)
    _keep(call, "incoming webhook", str(body.get("text") or ""), body)
    return as_text("ok")


def _keep(call: Call, kind: str, summary: str, body: object) -> int:
    with call.sandbox.store.transaction():
        id_ = messages.keep(call.sandbox, "slack", kind, summary, body)
        cause = Cause(call.request.id, "client")
        call.sandbox.journal.add("slack", "message_posted", "", cause, message=id_, way=kind)
    return id_
