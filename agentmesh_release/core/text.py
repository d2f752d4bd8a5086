"""Text from outside, made fit for PostgreSQL: neither NUL nor lone surrogates can be stored."""

from typing import TypeVar

Value = TypeVar("Value")


def storable(value: Value) -> Value:
    """The same value with U+FFFD in place of what text and jsonb columns refuse.

    Goes through lists, tuples and dictionaries (keys too); other values pass unchanged.
    """
    return _storable(value)  # type: ignore[return-value]


def _storable(value: object) -> object:
    if isinstance(value, str):
        clean = value.replace("\x00", "\N{REPLACEMENT CHARACTER}")
        return clean.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    if isinstance(value, dict):
        return {_storable(key): _storable(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_storable(item) for item in value]
    return value
