"""Cuts a stream of bytes at its NULs, holding no field beyond a limit."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Field(NamedTuple):
    """One field, at most `limit` bytes of it, and how long it was."""

    data: bytes
    length: int

    @property
    def is_cut(self) -> bool:
        return len(self.data) < self.length


def nul_separated(pieces: Iterable[bytes], limit: int) -> Iterator[Field]:
    """Yield the fields that a NUL ends; what follows the last NUL is no field."""
    kept, length = b"", 0
    for piece in pieces:
        *whole, rest = piece.split(b"\0")
        for part in whole:
            yield Field((kept + part)[:limit], length + len(part))
            kept, length = b"", 0
        kept, length = (kept + rest)[:limit], length + len(rest)
