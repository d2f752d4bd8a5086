"""How far the campaign goes: `FAULTS=all` is everything, `FAULTS_SEED` repeats a random choice."""

import os
import time
from collections.abc import Iterator
from itertools import count

ALL = os.environ.get("FAULTS") == "all"
SEED = int(os.environ.get("FAULTS_SEED") or time.time_ns() // 1000 % 1_000_000)
STRIDE = 1 if ALL else 4


def moments() -> Iterator[int]:
    """The queries to try, without end: every one, or every fourth from a random one on."""
    print(f"FAULTS_SEED={SEED}")
    return count(1 + SEED % STRIDE, STRIDE)
