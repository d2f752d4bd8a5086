"""The vendors' OpenAPI documents as judges of what was sent and what came back."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_letters
from typing import Any
from urllib.parse import quote

from openapi_schema_validator import OAS30Validator
from referencing import Registry
from referencing.jsonschema import DRAFT4

from tests.providers.stub import Seen


@dataclass(frozen=True)
class Place:
    """A place in the document: its JSON pointer and what stands there, references followed."""

    pointer: str
    data: Any


@dataclass(frozen=True)
class Operation:
    """One operation: the template of its path, and where it stands."""

    template: str
    place: Place


class Contract:
    """One vendor's document."""

    def __init__(self, path: Path) -> None:
        self._document: Any = _plain(json.loads(path.read_text()))
        resource = DRAFT4.create_resource(self._document)
        self._registry: Registry[Any] = Registry().with_resource("urn:contract", resource)

    def operation(self, method: str, raw_path: str) -> Operation:
        """The operation that a request is for; an exact path wins over a parameter."""
        found = [
            template
            for template, item in self._document["paths"].items()
            if method.lower() in item and _pattern(template).fullmatch(raw_path)
        ]
        assert found, f"{method} {raw_path} is not in the contract"
        template = min(found, key=lambda template: template.count("{"))
        return Operation(template, self._at("", "paths", template, method.lower()))

    def check_request(self, seen: Seen, prefix: str = "") -> Operation:
        """Fail unless path, method, query and body are as documented."""
        operation = self.operation(seen.method, seen.raw_path.removeprefix(prefix))
        pointer, data = operation.place.pointer, operation.place.data
        places = [
            self._at(pointer, "parameters", n) for n in range(len(data.get("parameters", [])))
        ]
        allowed = {one.data["name"]: one for one in places if one.data["in"] == "query"}
        for name, value in seen.query.items():
            assert name in allowed, f"{operation.template} has no parameter {name}"
            schema = self._at(allowed[name].pointer, "schema")
            self._check(schema, _typed(value, schema.data.get("type")))
        if "application/json" in data.get("requestBody", {}).get("content", {}):
            body = self._at(pointer, "requestBody", "content", "application/json", "schema")
            self._check(body, seen.json)
        return operation

    def check_response(self, operation: Operation, status: int, data: object) -> None:
        """Fail unless the status is documented and the body is of its schema."""
        content = self._content(operation, str(status), f"{status // 100}XX")
        if content is not None:
            self._check(self._at(content.pointer, "schema"), data)

    def example(self, operation: Operation, status: str = "200") -> Any:
        """The vendor's own example of an answer."""
        content = self._content(operation, status)
        assert content is not None
        return content.data["example"]

    def _content(self, operation: Operation, *statuses: str) -> Place | None:
        responses = operation.place.data["responses"]
        status = next((one for one in statuses if one in responses), None)
        assert status is not None, f"{operation.template} never answers {statuses[0]}"
        response = self._at(operation.place.pointer, "responses", status)
        if "application/json" not in response.data.get("content", {}):
            return None
        return self._at(response.pointer, "content", "application/json")

    def _at(self, pointer: str, *steps: str | int) -> Place:
        for step in steps:
            pointer += "/" + str(step).replace("~", "~0").replace("/", "~1")
        found = self._document
        for part in pointer.split("/")[1:]:
            key = part.replace("~1", "/").replace("~0", "~")
            found = found[int(key)] if isinstance(found, list) else found[key]
        if isinstance(found, dict) and "$ref" in found:
            return self._at(found["$ref"].removeprefix("#"))
        return Place(pointer, found)

    def _check(self, schema: Place, value: object) -> None:
        by_reference = {"$ref": f"urn:contract#{quote(schema.pointer)}"}
        validator = OAS30Validator(by_reference, registry=self._registry)
        errors = [
            f"{list(error.absolute_path)}: {error.message[-300:]}"
            for error in validator.iter_errors(value)
        ]
        assert not errors, errors[:5]


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """A parameter is one step of the path, but for the path of GitHub's contents, which may be
    several, or none for the root."""
    pieces = re.split(r"(/\{path\}|\{[^}]*\})", template)
    return re.compile("".join(_PIECES.get(piece[:2], re.escape(piece)) for piece in pieces))


_PIECES = {"/{": "(?:/.+)?"} | {"{" + char: "[^/]+" for char in ascii_letters}


def _plain(item: Any) -> Any:
    """What is meant where the letter of OpenAPI 3.0 says otherwise: `nullable` beside `allOf` has
    no effect there, so it becomes an alternative; a discriminator cannot pick a list, so it goes.
    """
    if isinstance(item, list):
        return [_plain(one) for one in item]
    if not isinstance(item, dict):
        return item
    whole = {key: _plain(value) for key, value in item.items() if key != "discriminator"}
    if whole.get("nullable") is True and "type" not in whole:
        return {"anyOf": [whole, {"type": "string", "nullable": True, "enum": [None]}]}
    return whole


def _typed(value: str, kind: str | None) -> object:
    """A query parameter's text as what its schema says."""
    if kind in {"number", "integer"}:
        return json.loads(value)
    return value == "true" if kind == "boolean" else value
