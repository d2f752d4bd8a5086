"""What is read with nobody waiting for it: regular polling, which minds its manners.

Inside `reading()` calls leave a larger part of a token's hour to people, stop asking who does not
answer (`circuit`), and know what earlier processes were answered (`etags`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_is_on: ContextVar[bool] = ContextVar("background", default=False)


def is_on() -> bool:
    """Whether the calls made here are regular polling."""
    return _is_on.get()


@contextmanager
def reading() -> Iterator[None]:
    """Calls made inside, in this thread, are regular polling."""
    token = _is_on.set(True)
    try:
        yield
    finally:
        _is_on.reset(token)
