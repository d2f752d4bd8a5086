"""Cuts a stream of bytes at its NULs, holding no field beyond a limit."""

from collections.abc import Iterable, Iterator


class Cut(bytes):
    """The beginning of a field that was longer than the limit: `length` bytes."""

    length: int

    @classmethod
    def of(cls, data: bytes, length: int) -> "Cut":
        cut = cls(data)
        cut.length = length
        return cut


def nul_separated(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """Yield the fields that a NUL ends, a `Cut` for each that is longer than `limit` bytes.

    What follows the last NUL is no field.
    """
    kept, length = b"", 0
    for piece in pieces:
        first, *more = piece.split(b"\0")
        kept, length = (kept + first)[:limit], length + len(first)
        if not more:
            continue
        yield _field(kept, length, limit)
        for part in more[:-1]:
            yield part if len(part) <= limit else _field(part, len(part), limit)
        kept, length = more[-1][:limit], len(more[-1])


def _field(data: bytes, length: int, limit: int) -> bytes:
    return data if length <= limit else Cut.of(data[:limit], length)
