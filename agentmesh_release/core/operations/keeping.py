"""Keeping a lease while a step is at work: reading a slow provider may take longer than it lasts.

Who died or is frozen renews nothing, so its lease runs out and somebody else goes on.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

from django.db import Error, connection

from ...providers import deadlines
from . import timing
from .step_context import StepContext

# An attempt ends by then: the calls that it makes are cut off.
ATTEMPT_S = 120.0


@contextmanager
def kept(context: StepContext) -> Iterator[None]:
    """Renew the lease of this attempt until the block ends."""
    over = Event()
    Thread(target=_renew, args=(context, over), name="lease", daemon=True).start()
    try:
        with deadlines.before(monotonic() + ATTEMPT_S):
            yield
    finally:
        over.set()


def _renew(context: StepContext, over: Event) -> None:
    ends = monotonic() + ATTEMPT_S
    try:
        while not over.wait(timing.act_s()) and monotonic() < ends and context.renew():
            pass
    except Error:
        return  # the step finds out by itself
    finally:
        connection.close()
