"""JSON bodies of requests: small, plain, and fit to be stored."""

import json
from typing import Any

from django.http import HttpRequest
from ninja.parser import Parser

from ..refusals import Refused
from ..text import storable

LARGEST = 64_000  # bytes


class StrictParser(Parser):
    """Reads a JSON object. Raises Refused: `not_json` (415 or 400), `too_large` (413)."""

    def parse_body(self, request: HttpRequest) -> dict[str, Any]:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        if length > LARGEST:
            raise Refused(
                "too_large", f"The body is too large: at most {LARGEST:,} bytes.", status=413
            )
        if length and request.content_type != "application/json":
            raise Refused("not_json", "Send JSON, as Content-Type: application/json.", status=415)
        return _object(request.body or b"{}")


def _object(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
        if not isinstance(told, dict):
            raise Refused("not_json", "The body has to be a JSON object.", status=400)
        if storable(told) != told:
            raise Refused(
                "null_character",
                "The body holds characters that cannot be stored. Leave them out.",
                status=400,
            )
    except (ValueError, RecursionError):
        raise Refused("not_json", "The body is not JSON that we can read.", status=400) from None
    return told
