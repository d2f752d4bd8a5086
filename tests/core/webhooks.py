"""Webhooks as a sender would send them."""

import hashlib
import hmac
import json
from itertools import count
from typing import Any

from django.http import HttpResponse
from django.test import Client

DOOR = "/webhooks/github"
SECRET = "It's a Secret to Everybody"
_numbers = count(1)


def signature(body: bytes, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def send(event: str, payload: Any, **headers: str) -> HttpResponse:
    """Send a payload, signed unless `headers` say otherwise."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    return Client(enforce_csrf_checks=True).post(
        DOOR,
        body,
        content_type="application/json",
        headers={
            "X-GitHub-Event": event,
            "X-GitHub-Delivery": f"delivery-{next(_numbers)}",
            "X-Hub-Signature-256": signature(body),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        },
    )  # type: ignore[return-value]
