"""How long something takes, for comparing two runs with each other."""

import time
from collections.abc import Callable


def seconds(act: Callable[[], object]) -> float:
    """The processor time of one call."""
    started = time.process_time()
    act()
    return time.process_time() - started
