"""Who does not answer is left alone: fifty projects that poll one provider then ask it once.

Only background reading is held back. What people and operations ask goes through, and its answer
closes the circuit at once.
"""

from __future__ import annotations

import threading

from agentmesh_release.providers.errors import ProviderError

TRIPS_AFTER = 3
FIRST_PAUSE_S = 10.0
LONGEST_PAUSE_S = 30.0  # what is mended is seen soon
PROBE_S = 35.0  # longer than any call


class Circuit:
    """Counts failures in a row, of all who share a token; thread-safe. Times are epoch seconds."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_until = 0.0
        self._why = ""

    def admit(self, now: float) -> None:
        """Let the call pass, or raise ProviderError with `retry_after`.

        While there have been failures, one call at a time is let through to look.
        """
        with self._lock:
            if now < self._closed_until:
                # The same words each time: who is put off again and again says so once.
                raise ProviderError(
                    f"{self._why} It is left alone for a moment.",
                    retry_after=self._closed_until - now,
                )
            if self._failures >= TRIPS_AFTER:
                self._closed_until = now + PROBE_S

    def succeeded(self) -> None:
        """It answered, whatever it said: everybody may ask."""
        with self._lock:
            self._failures, self._closed_until = 0, 0.0

    def failed(self, why: str, now: float) -> None:
        """It did not answer, or only that it cannot."""
        with self._lock:
            self._failures += 1
            self._why = why
            beyond = self._failures - TRIPS_AFTER
            if beyond >= 0:
                pause = min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2.0 ** min(beyond, 8))
                self._closed_until = now + pause

    def wait(self, why: str, until: float) -> None:
        """It said until when nobody is to ask; after that one looks first."""
        with self._lock:
            self._failures = max(self._failures, TRIPS_AFTER)
            self._closed_until, self._why = max(self._closed_until, until), why
