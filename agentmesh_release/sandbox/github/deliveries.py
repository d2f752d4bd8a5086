"""Webhooks on their way out: what happened is told to each hook, signed, once, and logged.

A delivery that fails is not repeated by itself, as at GitHub (FACTS 1.10); it can be asked for
again, with the same GUID. All of it is rows, so nothing is lost with the process.
"""

import hashlib
import hmac
import http.client
import json
import logging
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlencode, urlsplit

from .. import clock, project
from ..project import Project
from ..sandbox import Sandbox
from ..store import Row
from ..wire import Json
from . import happenings
from .happenings import Happening

log = logging.getLogger("sandbox")
TICK_S = 0.1
ANSWER_S = 10  # GitHub waits no longer
LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_AT_ONCE = 8
_TOLD = "webhooks_told_until"


def keep_telling(sandbox: Sandbox) -> threading.Thread:
    """Start the thread that tells ten times a second until the sandbox stops."""

    def run() -> None:
        with ThreadPoolExecutor(_AT_ONCE) as senders:
            while not sandbox.stopping.wait(TICK_S):
                try:
                    _notice(sandbox)
                    list(senders.map(lambda row: _send(sandbox, row), _due(sandbox)))
                except Exception:
                    log.exception("webhooks")

    thread = threading.Thread(target=run, name="webhooks", daemon=True)
    thread.start()
    return thread


def enqueue(sandbox: Sandbox, hook: Row, happening: Happening, body: Json) -> None:
    """One delivery of one hook, to be sent when its moment comes."""
    sandbox.store.write(
        "insert into hook_deliveries (hook, guid, event, action, body, due_at, redelivery)"
        " values (?, ?, ?, ?, ?, ?, 0)",
        hook["id"],
        str(uuid.uuid4()),
        happening.event,
        happening.action,
        json.dumps(body),
        happening.at_ms,
    )


def again(sandbox: Sandbox, former: Row) -> None:
    """Send a delivery once more, as a new attempt of the same GUID."""
    sandbox.store.write(
        "insert into hook_deliveries (hook, guid, event, action, body, due_at, redelivery)"
        " values (?, ?, ?, ?, ?, ?, 1)",
        former["hook"],
        former["guid"],
        former["event"],
        former["action"],
        former["body"],
        clock.now_ms(),
    )


def _notice(sandbox: Sandbox) -> None:
    """Turn what was journaled since the last look into deliveries, in one transaction."""
    since = int(sandbox.store.setting(_TOLD, "0"))
    if sandbox.store.row("select 1 from journal where id > ? limit 1", since) is None:
        return
    with sandbox.store.transaction():
        for act in sandbox.journal.read(since=since):
            since = act["id"]
            owner = project.named(sandbox, act["project"])
            if owner is not None and act["vendor"] in ("github", "sandbox"):
                _tell(sandbox, owner, act)
        sandbox.store.keep(_TOLD, str(since))


def _tell(sandbox: Sandbox, owner: Project, act: Json) -> None:
    hooks = sandbox.store.rows("select * from hooks where project = ? and active = 1", owner.name)
    if not hooks:
        return
    for happening in happenings.of(sandbox, owner, act):
        for hook in hooks:
            if {"*", happening.event} & set(json.loads(hook["events"])):
                body = happenings.payload(owner, hook["origin"], happening)
                enqueue(sandbox, hook, happening, body)


def _due(sandbox: Sandbox) -> list[Row]:
    return sandbox.store.rows(
        "select d.*, h.url, h.secret, h.content_type, h.project from hook_deliveries d"
        " join hooks h on h.id = d.hook where d.delivered_at is null and d.due_at <= ?"
        " order by d.id limit 50",
        clock.now_ms(),
    )


def _send(sandbox: Sandbox, row: Row) -> None:
    began = clock.now_ms()
    fault = sandbox.faults.take("webhooks", "POST", row["event"])
    if fault is None or fault.kind == "late":  # that one arrives, and the answer is lost
        status, said = _post(row)
    if fault is not None:
        status, said = 0, "failed to connect to host"
    sandbox.store.write(
        "update hook_deliveries set delivered_at = ?, duration_ms = ?, status_code = ?, status = ?"
        " where id = ?",
        clock.now_ms(),
        clock.now_ms() - began,
        status,
        said,
        row["id"],
    )


def _post(row: Row) -> tuple[int, str]:
    """The status that came back (0: none), and how GitHub's log calls that."""
    address = urlsplit(row["url"])
    body = row["body"].encode()
    is_form = row["content_type"] == "form"
    if is_form:
        body = urlencode({"payload": row["body"]}).encode()
    connection = http.client.HTTPConnection(address.hostname or "", address.port, timeout=ANSWER_S)
    try:
        connection.request("POST", address.path or "/", body, _headers(row, body, is_form=is_form))
        status = connection.getresponse().status
    except TimeoutError:
        return 0, "timed out"
    except (OSError, http.client.HTTPException):
        return 0, "failed to connect to host"
    finally:
        connection.close()
    return status, "OK" if status < 300 else f"Invalid HTTP Response: {status}"


def _headers(row: Row, body: bytes, *, is_form: bool) -> dict[str, str]:
    kind = "application/x-www-form-urlencoded" if is_form else "application/json"
    headers = {
        "Content-Type": kind,
        "User-Agent": "GitHub-Hookshot/sandbox",
        "X-GitHub-Event": row["event"],
        "X-GitHub-Delivery": row["guid"],
        "X-GitHub-Hook-ID": str(row["hook"]),
        "X-GitHub-Hook-Installation-Target-Type": "repository",
    }
    if row["secret"]:
        mark = hmac.new(row["secret"].encode(), body, hashlib.sha256).hexdigest()
        headers["X-Hub-Signature-256"] = f"sha256={mark}"
    return headers
