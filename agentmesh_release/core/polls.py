"""Polling: what is read from a provider again and again, each as a row with its own due time.

    @poll("github", "GitHub", every_s=15)
    def read_github(scope: str) -> None: ...

A reading that fails keeps what was known, with its age; the next try backs off.

What happened there can be hurried after: `hurry` brings the next reading forward, `once` has one
object read that has no reading of its own. However often either is asked for before the reading
begins, it costs one; asked for while that is under way, one more follows.
"""

import logging
import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import Case, F, Q, When
from django.db.models.functions import Least

from ..providers import background
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
MOST_ATTEMPTS_ONCE = 8  # after that the regular reading has to find it
JITTER = 0.1


@dataclass(frozen=True)
class PollKind:
    """`read` takes the scope; it may answer after how many seconds to read again. A kind without
    `every_s` is read once each time that somebody asks for it. All of a kind together are read at
    most `most_a_minute` times in each minute."""

    name: str
    label: str
    every_s: float | None
    read: Callable[[str], float | None]
    most_a_minute: float = math.inf


poll_kinds: Registry[PollKind] = Registry("poll")

Reader = Callable[[str], float | None]


def poll(
    name: str, label: str, *, every_s: float, most_a_minute: float = math.inf
) -> Callable[[Reader], Reader]:
    """Register the function that reads this kind; `label` is what people call it."""

    def register(read: Reader) -> Reader:
        poll_kinds.register(name, PollKind(name, label, every_s, read, most_a_minute))
        return read

    return register


def read_once(name: str, label: str) -> Callable[[Reader], Reader]:
    """Register the function that reads one object of this kind when `once` asks for it."""

    def register(read: Reader) -> Reader:
        poll_kinds.register(name, PollKind(name, label, None, read))
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


def end(kind: str, scope: str) -> None:
    """Read it no more."""
    Poll.objects.filter(kind=kind, scope=scope).delete()


def hurry(kind: str, scope: str = "", *, within_s: float = 0.0) -> bool:
    """Read again now, or at least within so many seconds, e.g. after something happened there;
    answers whether that is polled."""
    pk = Poll.objects.filter(kind=kind, scope=scope).values_list("pk", flat=True).first()
    if pk is None:
        return False
    Poll.objects.filter(pk=pk).update(due_at=_sooner(within_s))
    if not within_s:
        transaction.on_commit(partial(wake, "core.run_poll", pk, queue="polling"))
    return True


def once(kind: str, scope: str, *, within_s: float = 0.0) -> None:
    """Have one object of that kind read, once; twice when it is being read just now."""
    poll_kinds.get(kind)
    row = Poll(kind=kind, scope=scope, due_at=ClockTimestamp() + timedelta(seconds=within_s))
    Poll.objects.bulk_create([row], ignore_conflicts=True)
    hurry(kind, scope, within_s=within_s)


def _sooner(within_s: float) -> Case:
    """The sooner of then and when it is due anyway. For one that is being read, then: it may have
    looked before this happened."""
    then = ClockTimestamp() + timedelta(seconds=within_s)
    is_being_read = Q(due_at__lte=F("lease_until") - LEASE)
    return Case(When(is_being_read, then=then), default=Least(F("due_at"), then))


# A claimed row was due when its lease began; a later time says that it was hurried since.
_HURRIED = Q(due_at__gt=F("lease_until") - LEASE)


def run(poll_id: int) -> None:
    """Read once, if it is due and nobody is at it."""
    lose_locks_in_the_end()
    claimed = Poll.objects.filter(kind__in=[kind.name for kind in poll_kinds]).claim(poll_id, LEASE)
    if claimed is None:
        return
    kind = poll_kinds.get(claimed.kind)
    try:
        with background.reading():
            every_s = kind.read(claimed.scope)
    except ProviderError as error:
        _put_off(claimed, str(error), error.retry_after or 0.0)
    except Exception as error:
        logger.exception("poll %s", claimed)
        _put_off(claimed, f"An unforeseen {type(error).__name__} stopped the reading.", 0.0)
    else:
        _settle(claimed, kind, every_s or kind.every_s)


def _settle(claimed: Poll, kind: PollKind, every_s: float | None) -> None:
    if every_s is None:
        if _is_done_with(claimed):
            return
        every_s = 0.0
    wished_s, every_s = every_s, max(every_s, _fair_s(kind, every_s))
    if claimed.last_error:
        live.stale(f"project:{claimed.scope}", "overview")
    delay_s = every_s * random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311  spreads them out
    _release(
        claimed,
        delay_s=delay_s,
        wished_s=wished_s,
        every_s=every_s,
        last_ok_at=ClockTimestamp(),
        last_error="",
        attempts=0,
    )


def _fair_s(kind: PollKind, wished_s: float) -> float:
    """How rarely it has to be read so that all that should be read as often get their turn."""
    if math.isinf(kind.most_a_minute):
        return 0.0
    as_often = Poll.objects.filter(kind=kind.name, wished_s__lte=wished_s)
    return 60.0 * as_often.count() / kind.most_a_minute


def _is_done_with(claimed: Poll) -> bool:
    """Remove what is read once, unless somebody asked for it again meanwhile."""
    mine = Poll.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token)
    return bool(mine.exclude(_HURRIED).delete()[0])


def _put_off(claimed: Poll, error: str, retry_after_s: float) -> None:
    attempts = claimed.attempts + 1
    if attempts >= MOST_ATTEMPTS_ONCE and poll_kinds.get(claimed.kind).every_s is None:
        logger.warning("poll %s: given up (%s)", claimed, error)
        Poll.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token).delete()
        return
    delay_s = max(min(backoff_s(attempts + 2), LONGEST_DELAY_S), retry_after_s)
    if claimed.last_error != error:
        logger.warning("poll %s: %s", claimed, error)
        live.stale(f"project:{claimed.scope}", "overview")
    _release(claimed, delay_s=delay_s, last_error=storable(error), attempts=attempts)


def _release(claimed: Poll, *, delay_s: float, **fields: object) -> None:
    """Give it back for so long, or until somebody who hurried it wants it."""
    then = ClockTimestamp() + timedelta(seconds=delay_s)
    Poll.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token).update(
        lease_until=None, due_at=Case(When(_HURRIED, then=F("due_at")), default=then), **fields
    )
