"""An OpenAPI document as its page shows it. Pure: a document in, plain values out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]


@dataclass(frozen=True)
class Field:
    """One thing to send, or one thing that comes back."""

    name: str
    where: str
    kind: str
    is_required: bool
    note: str


@dataclass(frozen=True)
class Operation:
    """One act of the API, with the right that it needs."""

    id: str
    method: str
    path: str
    note: str
    right: str
    asked: tuple[Field, ...]
    media_types: tuple[str, ...]
    status: str
    answered: tuple[Field, ...]


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
    return Operation(
        id=told["operationId"],
        method=method.upper(),
        path=path,
        note=" ".join(told.get("description", "").split()),
        right=next(iter(told["security"][0].values()))[0],
        asked=(*_parameters(told), *_body(document, content)),
        media_types=tuple(content),
        status=str(status),
        answered=tuple(_answer(document, told["responses"][status])),
    )


def _parameters(told: Document) -> Iterator[Field]:
    for each in told["parameters"]:
        yield Field(
            each["name"],
            each["in"],
            _kind(each["schema"]),
            each["required"],
            each.get("description", ""),
        )


def _body(document: Document, content: Document) -> Iterator[Field]:
    """What a JSON body or a form has in it; a body of bytes has no parts."""
    for media_type, place in (("application/json", "body"), ("multipart/form-data", "form")):
        schema = content.get(media_type, {}).get("schema", {})
        yield from _members(_resolved(document, schema), place)


def _answer(document: Document, told: Document) -> Iterator[Field]:
    schema = told.get("content", {}).get("application/json", {}).get("schema", {})
    yield from _members(_resolved(document, schema.get("items", schema)), "answer")


def _members(schema: Document, where: str) -> Iterator[Field]:
    needed = schema.get("required", ())
    for name, member in schema.get("properties", {}).items():
        yield Field(name, where, _kind(member), name in needed, member.get("description", ""))


def _resolved(document: Document, schema: Document) -> Document:
    reference = schema.get("$ref", "")
    found: Document = (
        document["components"]["schemas"][reference.rpartition("/")[2]] if reference else schema
    )
    return found


def _kind(schema: Document) -> str:
    """`patch, minor or major`, `string`, `integer or null`, `list`."""
    if "enum" in schema:
        *others, last = [str(value) for value in schema["enum"]]
        return f"{', '.join(others)} or {last}" if others else last
    if "anyOf" in schema:
        return " or ".join(dict.fromkeys(_kind(each) for each in schema["anyOf"]))
    if "const" in schema:
        return str(schema["const"])
    if "$ref" in schema:
        return "object"
    said = str(schema.get("format") or schema.get("type", "anything"))
    return {"array": "list", "date-time": "time", "binary": "bytes"}.get(said, said)
