"""Which kind is read by what."""

from collections.abc import Callable

from .reading import Reading, Unreadable

READERS: dict[str, Callable[[bytes], Reading]] = {"file": lambda body: Reading()}


def read(kind: str, body: bytes) -> Reading:
    """What a report of that kind says. Raises Unreadable with a sentence."""
    reader = READERS.get(kind)
    if reader is None:
        raise Unreadable(f"Reports of the kind {kind!r} cannot be read here.")
    return reader(body)
