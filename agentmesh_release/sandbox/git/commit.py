"""A commit object, taken apart."""

import re
from dataclasses import dataclass

_PERSON = re.compile(rb"^(?P<name>.*?) ?<(?P<email>[^>]*)>(?: (?P<at>-?\d+) [+-]\d+)?$", re.S)


@dataclass(frozen=True)
class Person:
    """Who and when, as a commit or tag object says. `at_s` is seconds since the epoch."""

    name: str
    email: str
    at_s: int


@dataclass(frozen=True)
class Commit:
    """One commit. Texts are decoded; what is not text becomes U+FFFD."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: Person
    committer: Person
    message: str

    @property
    def subject(self) -> str:
        """The message's first line."""
        return self.message.lstrip().split("\n", 1)[0].strip()


def parse(sha: str, data: bytes) -> Commit:
    """A commit from its object's bytes. Damaged headers give empty values, never an exception."""
    head, _, message = data.partition(b"\n\n")
    fields = headers(head)
    encoding = fields.get(b"encoding", [b"utf-8"])[0].decode("ascii", "replace")
    return Commit(
        sha,
        fields.get(b"tree", [b""])[0].decode("ascii", "replace"),
        tuple(parent.decode("ascii", "replace") for parent in fields.get(b"parent", [])),
        person(fields.get(b"author", [b""])[0], encoding),
        person(fields.get(b"committer", [b""])[0], encoding),
        text(message, encoding),
    )


def headers(head: bytes) -> dict[bytes, list[bytes]]:
    """The header lines of a commit or tag object; continuation lines are left out."""
    fields: dict[bytes, list[bytes]] = {}
    for line in head.split(b"\n"):
        name, space, value = line.partition(b" ")
        if space and name:
            fields.setdefault(name, []).append(value)
    return fields


def person(line: bytes, encoding: str = "utf-8") -> Person:
    """`Ada <ada@example.com> 1700000000 +0100`; a moment beyond 1970 to 9999 becomes its edge."""
    found = _PERSON.match(line)
    if found is None:
        return Person(text(line, encoding), "", 0)
    at_s = min(max(int(found["at"] or 0), 0), 253_402_300_799)
    return Person(text(found["name"], encoding), text(found["email"], encoding), at_s)


def text(data: bytes, encoding: str = "utf-8") -> str:
    """Bytes as text; an unknown encoding is read as UTF-8."""
    try:
        return data.decode(encoding, "replace")
    except LookupError:
        return data.decode("utf-8", "replace")
