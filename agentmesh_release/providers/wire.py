"""From bytes to data: JSON that is whole, or a sentence that says what came instead."""

from __future__ import annotations

import json
import re

from agentmesh_release.providers.errors import ProviderError

# jsonb refuses both, and so do UTF-8 encoders downstream.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
_MAYBE_UNSTORABLE = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")


def storable(text: str) -> str:
    """Replace NUL and lone surrogates by U+FFFD."""
    return _UNSTORABLE.sub("\ufffd", text)


def clean(data: object) -> object:
    """The same JSON value with every string, keys too, made storable."""
    if isinstance(data, str):
        return storable(data)
    if isinstance(data, list):
        return [clean(item) for item in data]
    if isinstance(data, dict):
        return {storable(key): clean(value) for key, value in data.items()}
    return data


def _no_constant(name: str) -> object:
    raise ValueError(f"{name} is not JSON")


def parse_json(body: bytes, *, vendor: str, status: int, content_type: str = "") -> object:
    """Parse a JSON body; raise a ProviderError that says in words what came instead."""
    if not body.strip():
        raise _unusable(vendor, status, "an empty body where JSON was due")
    try:
        data = json.loads(body.decode("utf-8-sig", "replace"), parse_constant=_no_constant)
        return clean(data) if _MAYBE_UNSTORABLE.search(body) else data
    except RecursionError:
        raise _unusable(vendor, status, "JSON nested too deeply to be meant") from None
    except ValueError as error:
        raise _unusable(vendor, status, _what_it_is(body, content_type, error)) from None


def looks_like_html(body: bytes, content_type: str) -> bool:
    """Tell whether a body is a web page: a proxy's, a sign-in's, an outage's."""
    start = body[:512].lstrip().lower()
    return "text/html" in content_type.lower() or start.startswith((b"<!doctype html", b"<html"))


def _what_it_is(body: bytes, content_type: str, error: ValueError) -> str:
    if looks_like_html(body, content_type):
        return "a web page instead of JSON (a proxy or a sign-in page in between?)"
    if isinstance(error, json.JSONDecodeError) and error.pos >= len(error.doc.rstrip()):
        return f"JSON that breaks off after {len(body)} bytes"
    if isinstance(error, json.JSONDecodeError) and "Unterminated string" in error.msg:
        return f"JSON that breaks off after {len(body)} bytes"
    return "something that is not JSON"


def _unusable(vendor: str, status: int, what: str) -> ProviderError:
    return ProviderError(f"{vendor} answered {status} with {what}.", status=status)
