"""Bounded patience for calls that have no timeout of their own (name resolution, connecting)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class _Attempt(Generic[T]):
    """One piece of work in a daemon thread; what comes too late is thrown away, once."""

    def __init__(self, work: Callable[[], T], discard: Callable[[T], None] | None) -> None:
        self._work, self._discard = work, discard
        self._lock = threading.Lock()
        self._abandoned = False
        self.result: list[T] = []
        self.failure: BaseException | None = None

    def run(self) -> None:
        try:
            result = self._work()
        except BaseException as error:  # noqa: BLE001 - handed to the waiting thread
            self.failure = error
            return
        with self._lock:
            if not self._abandoned:
                self.result.append(result)
                return
        if self._discard is not None:
            self._discard(result)

    def abandon(self) -> bool:
        """Give up waiting; False when the result came just in time."""
        with self._lock:
            self._abandoned = not self.result
            return self._abandoned


def within(seconds: float, work: Callable[[], T], discard: Callable[[T], None] | None = None) -> T:
    """Return what `work` returns if it does so within `seconds`, else raise TimeoutError.

    Late work is left to end by itself in its daemon thread; `discard` gets its result. What
    `work` raises is raised here.
    """
    attempt = _Attempt(work, discard)
    thread = threading.Thread(target=attempt.run, name="within", daemon=True)
    thread.start()
    thread.join(max(0.0, seconds))
    if thread.is_alive() and attempt.abandon():
        raise TimeoutError(f"nothing came within {seconds:.1f} s")
    if attempt.failure is not None:
        raise attempt.failure
    return attempt.result[0]
