"""Polling: what is read from a provider again and again, each as a row with its own due time.

    @poll("github", "GitHub", every_s=15)
    def read_github(scope: str) -> None: ...

A reading that fails keeps what was known, with its age; the next try backs off.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from ..providers.errors import ProviderError
from . import live
from .backoff import backoff_s
from .frozen import lose_locks_in_the_end
from .leases import ClockTimestamp
from .models.poll import Poll
from .publishing import wake
from .registries import Registry
from .text import storable

logger = logging.getLogger("agentmesh_release.polls")

LEASE = timedelta(seconds=60)
LONGEST_DELAY_S = 30.0  # what is mended is seen soon, and asking more rarely spares nobody


@dataclass(frozen=True)
class PollKind:
    """`read` takes the scope; it may answer after how many seconds to read again."""

    name: str
    label: str
    every_s: float
    read: Callable[[str], float | None]


poll_kinds: Registry[PollKind] = Registry("poll")

Reader = Callable[[str], float | None]


def poll(name: str, label: str, *, every_s: float) -> Callable[[Reader], Reader]:
    """Register the function that reads this kind; `label` is what people call it."""

    def register(read: Reader) -> Reader:
        poll_kinds.register(name, PollKind(name, label, every_s, read))
        return read

    return register


def label(kind: str) -> str:
    """What people call it; a kind that this version no longer reads has its name alone."""
    known = {each.name: each.label for each in poll_kinds}
    return known.get(kind, kind)


def ensure(kind: str, scope: str = "") -> None:
    """See to it that this is polled; due at once when it is new."""
    poll_kinds.get(kind)
    Poll.objects.get_or_create(kind=kind, scope=scope)


def hurry(kind: str, scope: str = "") -> None:
    """Read again now, e.g. after something happened there."""
    for pk in Poll.objects.filter(kind=kind, scope=scope).values_list("pk", flat=True):
        Poll.objects.filter(pk=pk).update(due_at=ClockTimestamp())
        wake("core.run_poll", pk, queue="polling")


def run(poll_id: int) -> None:
    """Read once, if it is due and nobody is at it."""
    lose_locks_in_the_end()
    claimed = Poll.objects.filter(kind__in=[kind.name for kind in poll_kinds]).claim(poll_id, LEASE)
    if claimed is None:
        return
    kind = poll_kinds.get(claimed.kind)
    try:
        every_s = kind.read(claimed.scope)
    except ProviderError as error:
        _put_off(claimed, str(error), error.retry_after or 0.0)
    except Exception as error:
        logger.exception("poll %s", claimed)
        _put_off(claimed, f"An unforeseen {type(error).__name__} stopped the reading.", 0.0)
    else:
        _settle(claimed, every_s or kind.every_s)


def _settle(claimed: Poll, every_s: float) -> None:
    if claimed.last_error:
        live.stale(f"project:{claimed.scope}", "overview")
    _release(claimed, delay_s=every_s, last_ok_at=ClockTimestamp(), last_error="", attempts=0)


def _put_off(claimed: Poll, error: str, retry_after_s: float) -> None:
    attempts = claimed.attempts + 1
    delay_s = max(min(backoff_s(attempts + 2), LONGEST_DELAY_S), retry_after_s)
    if claimed.last_error != error:
        logger.warning("poll %s: %s", claimed, error)
        live.stale(f"project:{claimed.scope}", "overview")
    _release(claimed, delay_s=delay_s, last_error=storable(error), attempts=attempts)


def _release(claimed: Poll, *, delay_s: float, **fields: object) -> None:
    Poll.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token).update(
        lease_until=None, due_at=ClockTimestamp() + timedelta(seconds=delay_s), **fields
    )
