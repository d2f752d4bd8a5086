"""How much a token may still ask: one budget shared by everything that uses the token."""

from __future__ import annotations

import hashlib
import threading
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from agentmesh_release.providers import background
from agentmesh_release.providers.circuit import Circuit
from agentmesh_release.providers.dates import server_epoch
from agentmesh_release.providers.errors import ProviderError


@dataclass(frozen=True)
class Allowance:
    """What a provider said is left: calls, the epoch second at which the window ends, and how many
    calls a whole window has where that was said."""

    remaining: int
    reset_at: float
    limit: int | None = None


# Windows are an hour at GitHub and a minute elsewhere.
WINDOW_S = 3600.0
LONGEST_WINDOW_S = 7200.0
SAME_WINDOW_S = 5.0
SLOWEST = 10.0

ReadAllowance = Callable[[Mapping[str, str], float], Allowance | None]


def epoch_reset(headers: Mapping[str, str], now: float) -> Allowance | None:
    """GitHub: x-ratelimit-reset is the epoch second of the reset, by GitHub's clock.

    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    Other resources than `core` (search, graphql) have counters of their own and are not ours.
    """
    if headers.get("x-ratelimit-resource", "core") != "core":
        return None
    return epoch_reset_of_any(headers, now)


def epoch_reset_of_any(headers: Mapping[str, str], now: float) -> Allowance | None:
    """The same of whichever resource was asked."""
    their_now = server_epoch(headers)
    return _allowance(headers, now, seconds_off=now if their_now is None else their_now)


def seconds_left_reset(headers: Mapping[str, str], now: float) -> Allowance | None:
    """Supabase: X-RateLimit-Reset is the number of SECONDS LEFT, not an epoch.

    https://supabase.com/docs/reference/api/introduction
    """
    return _allowance(headers, now, seconds_off=0.0)


def _allowance(headers: Mapping[str, str], now: float, seconds_off: float) -> Allowance | None:
    """What is said, by our own clock; a reset further away than any window is is not believed."""
    try:
        remaining = int(headers["x-ratelimit-remaining"])
        left_s = float(headers["x-ratelimit-reset"]) - seconds_off
    except (KeyError, ValueError):
        return None
    limit = headers.get("x-ratelimit-limit", "")
    return Allowance(
        remaining,
        now + min(max(0.0, left_s), LONGEST_WINDOW_S),
        int(limit) if limit.isdecimal() else None,
    )


class Budget:
    """Remaining calls of one token, thread-safe. The provider counts for all who use the token,
    and each answer, also "not modified", says what is left: so every process knows the same.

    Reads stop at `floor`, so that what is left in a thin hour belongs to the acts (tagging,
    releasing); writes may go down to nothing. Background reading stops when a fifth is left.
    """

    def __init__(self, floor: int = 50) -> None:
        self.floor = floor
        self.circuit = Circuit()
        self._lock = threading.Lock()
        self._allowance: Allowance | None = None
        self._in_flight = 0
        self._closed_until = 0.0

    @property
    def allowance(self) -> Allowance | None:
        """The last known allowance, or None before the first answer."""
        with self._lock:
            return self._allowance

    def spend(self, vendor: str, now: float, *, write: bool) -> None:
        """Take one call, or raise ProviderError with `retry_after` when there is none to take."""
        with self._lock:
            floor = 0 if write else self._reserve() if background.is_on() else self.floor
            until = max(self._closed_until, self._reset_when_thin(now, floor))
            if until > now:
                raise ProviderError(self._why_not(vendor, now), retry_after=until - now)
            self._in_flight += 1

    def _why_not(self, vendor: str, now: float) -> str:
        if self._closed_until > now:
            wait = self._closed_until - now
            return f"Not asked: {vendor} limits this token, and wants no call for {wait:.0f} s."
        known = self._allowance
        assert known is not None  # noqa: S101  else there would be no reserve to keep
        return (
            f"Not asked: {vendor} leaves this token {known.remaining} calls, the reserve, until "
            f"the limit resets in {known.reset_at - now:.0f} s."
        )

    def stretch(self, now: float) -> float:
        """How many times slower background reading should be, so that what is left of the window
        lasts to its end; 1 while it does."""
        with self._lock:
            known = self._allowance
            if known is None or known.limit is None or known.reset_at <= now:
                return 1.0
            reserve = self._reserve()
            left = max(0, known.remaining - reserve) / max(1, known.limit - reserve)
            time_left = min(1.0, (known.reset_at - now) / WINDOW_S)
            return min(SLOWEST, max(1.0, time_left / left if left else SLOWEST))

    def _reserve(self) -> int:
        """What background reading leaves to everybody else."""
        limit = self._allowance.limit if self._allowance else None
        return max(self.floor, (limit or 0) // 5)

    def _reset_when_thin(self, now: float, floor: int) -> float:
        known = self._allowance
        if known is None or known.reset_at <= now:
            return 0.0
        return known.reset_at if known.remaining - self._in_flight <= floor else 0.0

    def settle(self, learned: Allowance | None) -> None:
        """Give the call back and take over what its answer said. Answers overtake each other:
        within one window the lowest count is the newest."""
        with self._lock:
            self._in_flight = max(0, self._in_flight - 1)
            known = self._allowance
            if learned is None:
                return
            if known is None or learned.reset_at > known.reset_at + SAME_WINDOW_S:
                self._allowance = learned
            elif learned.reset_at >= known.reset_at - SAME_WINDOW_S:
                remaining = min(known.remaining, learned.remaining)
                self._allowance = Allowance(remaining, known.reset_at, learned.limit or known.limit)

    def close(self, until: float) -> None:
        """Refuse every call until the epoch second `until`: the provider told us to wait, and
        hammering can get an application banned."""
        with self._lock:
            self._closed_until = max(self._closed_until, until)


_shared: weakref.WeakValueDictionary[str, Budget] = weakref.WeakValueDictionary()
_shared_lock = threading.Lock()


def shared_budget(base_url: str, token: str) -> Budget:
    """The budget of this token in this process, whoever asks."""
    key = hashlib.sha256(f"{base_url}\n{token}".encode()).hexdigest()
    with _shared_lock:
        budget = _shared.get(key)
        if budget is None:
            budget = _shared[key] = Budget()
        return budget
