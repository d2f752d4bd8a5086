"""Until when what is done now may go on: a moment that binds every provider call made inside.

Whoever allows an outside act allows it for a short time: the process that acts may be stopped in
between (SIGSTOP, a machine that swaps) and come back when somebody else has gone on in its place.
`time.monotonic()` runs on meanwhile, and a connection looks at it right before bytes leave.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_latest: ContextVar[float] = ContextVar("latest", default=math.inf)


def latest() -> float:
    """By when calls have to have ended (`time.monotonic()`); infinite where nobody said."""
    return _latest.get()


@contextmanager
def before(moment: float) -> Iterator[None]:
    """Let calls inside be sent and answered before that moment; the soonest of several counts."""
    token = _latest.set(min(moment, _latest.get()))
    try:
        yield
    finally:
        _latest.reset(token)
