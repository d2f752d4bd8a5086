"""What a provider answered, and what its headers say about time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from requests.structures import CaseInsensitiveDict

from agentmesh_release.providers.budget import ReadAllowance
from agentmesh_release.providers.dates import retry_after
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.wire import looks_like_html, parse_json

Headers = CaseInsensitiveDict[str]


@dataclass(frozen=True)
class Answer:
    """One answer. `data` is the parsed, storable JSON (None where none was asked for);
    `asked_at` is a moment on the provider's own clock that is not later than its handling."""

    status: int
    headers: Headers
    data: object
    body: bytes
    asked_at: datetime
    unchanged: bool = False


@dataclass(frozen=True)
class Refusal:
    """An answer that is an error: status, headers, the vendor's own words, and when (epoch)."""

    status: int
    headers: Mapping[str, str]
    said: str
    now: float


def own_words(refusal: Refusal) -> str:
    """The explanation for vendors whose own words are enough."""
    return refusal.said


def limited_by_429(refusal: Refusal) -> float | None:
    """Seconds to wait, where 429, or 503 with a time, is the only sign of a limit."""
    if refusal.status in {429, 503}:
        return retry_after(refusal.headers, refusal.now)
    return None


@dataclass(frozen=True)
class Vendor:
    """How one vendor speaks: its name in sentences, what its refusals mean, and how it limits:
    `limited` gives the seconds to wait when a refusal is a rate limit, else None. Where a path is
    itself a secret (a webhook's), `secret_paths` keeps it out of sentences."""

    name: str
    explain: Callable[[Refusal], str] = own_words
    limited: Callable[[Refusal], float | None] = limited_by_429
    allowance: ReadAllowance | None = None
    follows_redirects: bool = False
    secret_paths: bool = False


def error_text(body: bytes, content_type: str) -> str:
    """The vendor's own words in an error body, on one line and short: GitHub's and Supabase's
    `message`, Vercel's `error.message`, Prometheus's `error`, or the plain text."""
    try:
        data = parse_json(body, vendor="", status=0, content_type=content_type)
    except ProviderError:
        plain = "" if looks_like_html(body, content_type) else body[:400].decode("utf-8", "replace")
        return one_line(plain)
    if not isinstance(data, dict):
        return ""
    error = data.get("error")
    inner = error.get("message") if isinstance(error, dict) else error
    return one_line(str(data.get("message") or inner or "") + _error_list(data.get("errors")))


def _error_list(errors: object) -> str:
    """GitHub's 422: [{resource, field, code, message?}], the reason behind "Validation Failed"."""
    if not isinstance(errors, list):
        return ""
    parts = []
    for item in errors[:5]:
        if isinstance(item, dict):
            words = (item.get("message"), item.get("field"), item.get("code"))
            parts.append(" ".join(str(word) for word in words if word))
        else:
            parts.append(str(item))
    return f" ({'; '.join(parts)})" if parts else ""


def one_line(text: str, limit: int = 300) -> str:
    """Printable, without line breaks, at most `limit` characters, without a closing period."""
    printable = "".join(char if char.isprintable() else " " for char in text)
    line = " ".join(printable.split())
    return (line if len(line) <= limit else line[: limit - 1] + "…").rstrip(".")
