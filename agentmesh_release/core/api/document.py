"""The OpenAPI document of an API: what ninja says, with rights and problems added."""

import json
from typing import Any

from ninja import NinjaAPI

from .. import problems
from .bearer import RIGHT, Bearer

PROBLEM: dict[str, Any] = {
    "title": "Problem",
    "description": "What went wrong (RFC 9457).",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The HTTP status in words."},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "What went wrong, in a sentence for people."},
        "code": {"type": "string", "description": "The same for programs; it does not change."},
        "errors": {
            "type": "array",
            "description": "With 422: each part of the request that does not fit.",
            "items": {
                "type": "object",
                "properties": {"where": {"type": "string"}, "sentence": {"type": "string"}},
            },
        },
    },
}
_ANSWER = {
    "description": "A problem",
    "content": {problems.MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
}


def document(api: NinjaAPI, prefix: str) -> dict[str, Any]:
    """The OpenAPI 3.1 document of that API, which answers below `prefix`."""
    told: dict[str, Any] = dict(api.get_openapi_schema(path_prefix=prefix))
    told["components"]["schemas"]["Problem"] = PROBLEM
    for methods in told["paths"].values():
        for operation in methods.values():
            operation["responses"]["default"] = _ANSWER
            operation["security"] = [{Bearer.__name__: [operation.pop(RIGHT)]}]
    plain: dict[str, Any] = json.loads(json.dumps(told))  # ninja's keys are numbers here and there
    return plain
