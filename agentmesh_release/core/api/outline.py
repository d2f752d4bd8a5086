"""An OpenAPI document as its page shows it. Pure: a document in, plain values out."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from ..sentences import listed

Document = Mapping[str, Any]
JSON, FORM = "application/json", "multipart/form-data"


@dataclass(frozen=True)
class Field:
    """One thing to send, or one thing that comes back; `sample` is what an example says."""

    name: str
    where: str
    kind: str
    is_required: bool
    note: str
    sample: str = "…"


@dataclass(frozen=True)
class Operation:
    """One act of the API, with the right that it needs; `example` is a line for a shell."""

    id: str
    method: str
    path: str
    note: str
    right: str
    asked: tuple[Field, ...]
    media_types: tuple[str, ...]
    status: str
    answered: tuple[Field, ...]
    example: str


@dataclass(frozen=True)
class Part:
    """Operations that belong together."""

    name: str
    operations: tuple[Operation, ...]


def outline(document: Document) -> list[Part]:
    """The operations of the document by their tag, in its order."""
    parts: dict[str, list[Operation]] = {}
    for path, methods in document["paths"].items():
        for method, told in methods.items():
            parts.setdefault(told["tags"][0], []).append(_operation(document, path, method, told))
    return [Part(name, tuple(operations)) for name, operations in parts.items()]


def _operation(document: Document, path: str, method: str, told: Document) -> Operation:
    status = next(status for status in told["responses"] if status != "default")
    content = told.get("requestBody", {}).get("content", {})
    asked = (*_parameters(told), *_body(document, content))
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        note=_plain(told.get("description", "")),
        right=next(iter(told["security"][0].values()))[0],
        asked=asked,
        media_types=tuple(content),
        status=str(status),
        answered=tuple(_answer(document, told["responses"][status])),
        example=_example(document["servers"][0]["url"] + path, asked),
    )


def _parameters(told: Document) -> Iterator[Field]:
    """What is sent beside the body; of the address, only what has to be explained."""
    for each in told["parameters"]:
        if each["in"] == "path" and "description" not in each:
            continue
        yield _field(each["name"], each["in"], each["schema"], each["required"])


def _body(document: Document, content: Document) -> Iterator[Field]:
    """What a form or else a JSON body has in it."""
    media_type, place = (FORM, "form") if FORM in content else (JSON, "body")
    yield from _members(_resolved(document, content.get(media_type, {}).get("schema", {})), place)


def _answer(document: Document, told: Document) -> Iterator[Field]:
    schema = told.get("content", {}).get(JSON, {}).get("schema", {})
    yield from _members(_resolved(document, schema.get("items", schema)), "answer")


def _members(schema: Document, where: str) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield _field(name, where, member, name in needed)


def _field(name: str, where: str, schema: Document, is_required: bool) -> Field:
    sample = str(schema.get("enum", ["…"])[0])
    note = _plain(schema.get("description", ""))
    return Field(name, where, _kind(schema), is_required, note, sample)


def _resolved(document: Document, schema: Document) -> Document:
    reference = schema.get("$ref", "")
    found: Document = (
        document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    )
    return found


def _kind(schema: Document) -> str:
    """`patch, minor or major`, `string`, `integer or null`, `list`."""
    if "enum" in schema:
        return listed([str(value) for value in schema["enum"]], "or")
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "$ref" in schema:
        return "object"
    said = str(schema.get("format") or schema.get("type", "anything"))
    return {"array": "list", "date-time": "time", "binary": "bytes"}.get(said, said)


def _example(url: str, asked: tuple[Field, ...]) -> str:
    """How curl asks for it, with what has to be sent."""
    needed = [field for field in asked if field.is_required]
    query = "&".join(f"{each.name}={each.sample}" for each in needed if each.where == "query")
    told = {each.name: each.sample for each in needed if each.where == "body"}
    body = f" --json '{json.dumps(told, ensure_ascii=False)}'"
    sends = any(field.where == "body" for field in asked)
    form = "".join(f" --form {each.name}=@…" for each in needed if each.where == "form")
    address = f"{url}?{query}" if query else url
    return f'curl --oauth2-bearer "$TOKEN"{form}{body if sends else ""} "{address}"'


def _plain(text: str) -> str:
    return " ".join(text.split()).replace("`", "")
