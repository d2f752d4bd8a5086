"""How long something takes, for comparing two runs with each other."""

import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """The processor time of the quicker of two calls: neighbours can only slow one down."""
    return min(_seconds(act), _seconds(act))


def _seconds(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return time.process_time() - started
