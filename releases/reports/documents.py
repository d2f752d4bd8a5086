"""JSON documents of strangers: parsed within bounds, and read value by value.

What is wrong is said with where it is: `runs[0].results is not a list.`
"""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .reading import Unreadable

_LARGEST = 1e15  # beyond it a float is not exact, and no size or time is that large
_LONGEST_NAME = 80


@dataclass(frozen=True)
class Value:
    """One value of a document and its place in it. Readers raise Unreadable."""

    data: object
    where: str = "The report"

    def wrong(self, what: str) -> Unreadable:
        return Unreadable(f"{self.where} {what}.")

    def part(self, name: str) -> "Value":
        """What an object has under that name; a value of None where it has nothing."""
        found = self.data.get(name) if isinstance(self.data, dict) else None
        return Value(found, self._inside(name))

    def object(self) -> Mapping[str, object]:
        if not isinstance(self.data, dict):
            raise self.wrong("is not an object")
        return self.data

    def parts(self) -> Iterator[tuple[str, "Value"]]:
        """The members of an object that must be there."""
        for name, data in self.object().items():
            yield name, Value(data, self._inside(name))

    def items(self) -> Iterator["Value"]:
        """The items of a list that must be there."""
        if not isinstance(self.data, list):
            raise self.wrong("is not a list")
        for position, data in enumerate(self.data):
            yield Value(data, f"{self.where}[{position}]")

    def text(self, longest: int = 200) -> str:
        """A text, cut; empty where there is none."""
        return self.data[:longest] if isinstance(self.data, str) else ""

    def needed_text(self, longest: int = 200) -> str:
        if not isinstance(self.data, str) or not self.data.strip():
            raise self.wrong("is not a text")
        return self.data[:longest]

    def number(self) -> float | None:
        """A finite number of a sensible size, or None."""
        if isinstance(self.data, bool) or not isinstance(self.data, int | float):
            return None
        return self.data if abs(self.data) <= _LARGEST else None

    def amount(self) -> float:
        """A number from zero up that must be there."""
        number = self.number()
        if number is None or number < 0:
            raise self.wrong("is not a number from 0 up")
        return number

    def size(self) -> int:
        """A whole number of bytes (or of things) that must be there."""
        return math.floor(self.amount())

    def maybe_size(self) -> int | None:
        return None if self.data is None else self.size()

    def _inside(self, name: str) -> str:
        name = name if len(name) <= _LONGEST_NAME else f"{name[:_LONGEST_NAME]}…"
        return name if self.where == Value.where else f"{self.where}.{name}"


def parse(body: bytes) -> Value:
    """The JSON document in UTF-8. Raises Unreadable with line and column."""
    try:
        text = body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise Unreadable(f"Byte {error.start + 1:,} of the report is not UTF-8.", line) from None
    try:
        return Value(json.loads(text, parse_constant=_no_number))
    except json.JSONDecodeError as error:
        raise Unreadable(
            f"The report is not JSON: {error.msg}, line {error.lineno} column {error.colno}.",
            error.lineno,
            error.colno,
        ) from None
    except RecursionError:
        raise Unreadable("The report nests too deeply to be read.") from None
    except ValueError:
        raise Unreadable("The report holds a number with too many digits.") from None


def _no_number(name: str) -> float:
    raise Unreadable(f"The report holds {name}, which JSON does not have.")
