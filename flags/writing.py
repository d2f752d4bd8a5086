"""Bringing a flip to its targets: look, act, confirm, settle (DESIGN, invariant 4).

The intent is committed before anything here runs, and no transaction is open while a target is
asked. One attempt at a time holds the lease of a switch at a target, and it writes what is wanted
at that moment: an older flip can never be written after a newer one was.
"""

import logging
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import monotonic, sleep
from typing import Any

from django.db import connections, transaction
from django.utils import timezone

from agentmesh_release.core import live
from agentmesh_release.core.backoff import backoff_s
from agentmesh_release.core.leases import ClockTimestamp
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError

from . import reach
from .agreement import agrees, is_off
from .models import Confirmation, Flip, Switch

logger = logging.getLogger("agentmesh_release.flags")

LEASE = timedelta(seconds=10)
ANSWER_WITHIN_S = 1.6
"""How long a request waits for the targets; with what else it does it answers within 2 s."""

_WRITE_TAKES = timedelta(seconds=3 * reach.BUDGET_S)
_LONGEST_DELAY_S = 5.0
_LOOK_EVERY_S = 0.04

# Its own threads: neither a request nor the sweep waits for a target that hangs.
_pool = ThreadPoolExecutor(8, thread_name_prefix="switch")


@dataclass(frozen=True)
class Answer:
    """What came back from a target: a value read at `read_at`, or why there is none."""

    value: object = None
    read_at: datetime | None = None
    error: str = ""
    agrees: bool = False
    wrote: bool = False


def tell(flip: Flip, within_s: float = ANSWER_WITHIN_S) -> Flip:
    """Start bringing a flip to its targets, and wait for their confirmation, so long at most.

    Answers the flip as it then is; what is not confirmed by then goes on by itself.
    """
    owed = Confirmation.objects.owed().filter(switch_id=flip.switch_id)
    ids = list(owed.values_list("pk", flat=True))
    for pk in ids:
        _pool.submit(_apart, pk)
    deadline = monotonic() + within_s
    while ids and flip.is_open and monotonic() < deadline:
        sleep(_LOOK_EVERY_S)
        flip.refresh_from_db()
    return flip


def _apart(confirmation_id: int) -> None:
    """An attempt on a thread of the pool, which keeps no connection of its own."""
    try:
        write(confirmation_id)
    except Exception:
        logger.exception("switch confirmation %s", confirmation_id)
    finally:
        connections.close_all()


def write(confirmation_id: int) -> None:
    """Write one switch to one target and read it back, if that is due and nobody is at it.

    What is wanted may have changed meanwhile: then the newest is written next, at once.
    """
    is_settled = False
    while not is_settled:
        claimed = Confirmation.objects.owed().claim(confirmation_id, LEASE)
        if claimed is None:
            return
        answer = _ask(claimed)
        is_settled = answer is None or _settle(claimed, answer)


def _ask(claimed: Confirmation) -> Answer | None:
    """Look, and act if need be; None when the lease is no longer ours to act on."""
    try:
        return _look_and_act(claimed)
    except ProviderError as error:
        return Answer(error=str(error), wrote=error.unsettled)
    except Exception as error:
        logger.exception("switch %s", claimed)
        return Answer(error=f"An unforeseen {type(error).__name__} stopped the writing.")


def _look_and_act(claimed: Confirmation) -> Answer | None:
    switch = claimed.switch
    app = reach.app_database(claimed.target.url_name)
    asked_at = timezone.now()
    found = app.read_flag(switch.key)
    if found is not None and agrees(switch.wanted, found.value):
        return Answer(found.value, asked_at, agrees=True)
    if not Confirmation.objects.held(claimed.pk, claimed.lease_token, _WRITE_TAKES):
        return None
    asked_at = timezone.now()
    back = app.write_flag(switch.key, switch.wanted)
    if agrees(switch.wanted, back.value):
        return Answer(back.value, asked_at, agrees=True, wrote=True)
    return Answer(back.value, asked_at, error=_disagreement(switch, back.value), wrote=True)


def _disagreement(switch: Switch, value: object) -> str:
    said = is_off(value)
    if said is None or said is switch.is_off:
        return "It was written, but reads back as something else."
    word = switch.wording.position(is_off=said).reading.lower()
    return f"It was written, but still says “{word}” when read back."


def _settle(claimed: Confirmation, answer: Answer) -> bool:
    """Keep the answer and give the lease back; false when a newer flip came meanwhile."""
    with transaction.atomic(), live.one_notice():
        switch = Switch.objects.select_for_update().get(pk=claimed.switch_id)
        held = Confirmation.objects.filter(pk=claimed.pk, lease_token=claimed.lease_token)
        kept = held.filter(number=claimed.number).update(**_fields(claimed, answer))
        if not kept and not held.update(lease_until=None) and answer.wrote:
            _owe_again(claimed)
        if kept and answer.agrees:
            _confirm_flip(switch)
        live.stale(*switch.topics())
    return bool(kept)


def _fields(claimed: Confirmation, answer: Answer) -> dict[str, Any]:
    fields: dict[str, Any] = {"lease_until": None, "error": storable(answer.error)}
    if answer.read_at:
        fields |= {"value": storable(answer.value), "read_at": answer.read_at}
    if answer.agrees:
        return fields | {
            "state": Confirmation.State.SETTLED,
            "agrees": True,
            "attempts": 0,
            "confirmed_at": claimed.confirmed_at or ClockTimestamp(),
        }
    attempts = claimed.attempts + 1
    delay_s = min(backoff_s(attempts), _LONGEST_DELAY_S)
    due_at = ClockTimestamp() + timedelta(seconds=delay_s)
    return fields | {"attempts": attempts, "due_at": due_at}


def _owe_again(claimed: Confirmation) -> None:
    """Our lease ran out before our write arrived, so it may have undone a newer one."""
    Confirmation.objects.filter(pk=claimed.pk).update(
        state=Confirmation.State.OWED, due_at=ClockTimestamp()
    )


def _confirm_flip(switch: Switch) -> None:
    if not switch.confirmations.filter(state=Confirmation.State.OWED).exists():
        open_flips = switch.flips.filter(confirmed_at=None, overtaken_at=None)
        open_flips.filter(number=switch.number).update(confirmed_at=ClockTimestamp())
