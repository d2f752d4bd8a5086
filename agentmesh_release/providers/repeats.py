"""When a call that may be repeated is repeated, and when that is for the caller to decide."""

from __future__ import annotations

import random
from dataclasses import dataclass

from agentmesh_release.providers.errors import ProviderError


@dataclass(frozen=True)
class Repeats:
    """How often in all, the first pause (it doubles), and the longest one that is waited for
    inside a call; seconds."""

    attempts: int = 3
    first_pause_s: float = 0.25
    longest_pause_s: float = 5.0

    def pause(self, error: ProviderError, attempt: int) -> float | None:
        """Seconds to wait after failed attempt number `attempt`, or None to give up.

        Exponential with jitter, and never before the provider wants to be asked again. A conflict
        (409) is given up: it asks for another look at the state, not for another try.
        """
        if error.permanent or error.status == 409 or attempt >= self.attempts:
            return None
        backoff = self.first_pause_s * 2.0 ** (attempt - 1) * random.uniform(0.5, 1.5)  # noqa: S311
        pause = backoff + (error.retry_after or 0.0)
        return pause if pause <= self.longest_pause_s else None
