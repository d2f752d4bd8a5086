"""Programs with API tokens: Robo, on behalf of the people of the cast."""

import json
from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from agentmesh_release.core import tokens
from agentmesh_release.core.models import ApiToken, User

ALL_RIGHTS = ("reports:write", "promotable:read", "releases:cut", "flags:read", "switches:write")
JSON = "application/json"


def issued(
    owner: User, *rights: str, scope: str = "", name: str = "Robo", days: int = 30
) -> tuple[ApiToken, str]:
    """A token of that person, and its text."""
    now = timezone.now()
    wish = tokens.Wish(name, scope, rights or ALL_RIGHTS[:3], now + timedelta(days=days))
    return tokens.issue(owner, wish, now=now)


class Program:
    """What asks with that text for a token."""

    def __init__(self, text: str, *, checks_csrf: bool = False) -> None:
        self.client = Client(
            enforce_csrf_checks=checks_csrf, headers={"Authorization": f"Bearer {text}"}
        )

    def get(self, path: str, **query: Any) -> Any:
        return self.client.get(f"/api/v1{path}", query)

    def post(self, path: str, told: Any = None, **headers: str) -> Any:
        body = told if isinstance(told, str | bytes) else json.dumps(told or {})
        return self.client.post(f"/api/v1{path}", body, content_type=JSON, headers=headers)

    def send(
        self, body: bytes, media_type: str = "application/xml", slug: str = "api", **query: Any
    ) -> Any:
        """A report; `key` is its idempotency key."""
        headers = {"Idempotency-Key": query.pop("key")} if "key" in query else {}
        asked = {"kind": "tests", "commit": "b" * 40, **query}
        return self.client.post(
            f"/api/v1/projects/{slug}/reports",
            body,
            content_type=media_type,
            headers=headers,
            query_params=asked,
        )


def program(owner: User, *rights: str, scope: str = "", name: str = "Robo") -> Program:
    """A program with a new token of that person."""
    return Program(issued(owner, *rights, scope=scope, name=name)[1])


def problem_of(answer: Any, status: int) -> dict[str, Any]:
    """The problem that was answered, which has all its members (RFC 9457)."""
    told: dict[str, Any] = json.loads(answer.content)
    assert answer.status_code == status, told
    assert answer["Content-Type"] == "application/problem+json"
    assert "no-store" in answer["Cache-Control"]
    assert told["status"] == status
    assert {"type", "title", "detail", "code"} <= told.keys()
    assert told["detail"].endswith((".", "…"))
    return told
