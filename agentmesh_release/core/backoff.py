"""How long to wait after a failure."""

import random

FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 120.0


def backoff_s(attempts: int) -> float:
    """Seconds to wait after so many attempts: doubling, bounded, with jitter."""
    longest = min(LONGEST_DELAY_S, FIRST_DELAY_S * 2.0 ** (attempts - 1))
    return longest * random.uniform(0.5, 1.0)  # noqa: S311  jitter needs no secrecy
