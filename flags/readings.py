"""Reading targets back: every few seconds, what each says is set against what is wanted."""

from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.leases import ClockTimestamp
from agentmesh_release.core.polls import poll
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError

from . import reach
from .agreement import agrees
from .models import Confirmation, Target

POLL = "switches"
EVERY_S = 5.0
PROOF = "switch-proof"
"""The live topic of the ages alone: each reading, also one that brought nothing new."""

_REPAIR_FOR = timedelta(seconds=10)
_GONE_EVERY_S = 3_600.0


@poll(POLL, "Switches", every_s=EVERY_S)
def read_target(url_name: str) -> float | None:
    """Read all switches back at one target; a target that does not answer keeps its old age."""
    target = Target.objects.filter(url_name=url_name).first()
    if target is None:
        return _GONE_EVERY_S
    settled = list(
        target.confirmations.filter(state=Confirmation.State.SETTLED).select_related("switch")
    )
    asked_at = timezone.now()
    try:
        readings = reach.app_database(url_name).read_flags()
    except ProviderError as error:
        _note_silence(settled, str(error))
        return None
    for confirmation in settled:
        reading = readings.get(confirmation.switch.key)
        _note(confirmation, reading.value if reading else None, asked_at)
    live.stale(PROOF)
    return None


def _note(seen: Confirmation, value: object, asked_at: datetime) -> None:
    """Keep a reading, unless the switch was flipped or read again since it was asked for."""
    agreed = agrees(seen.switch.wanted, value)
    if not agreed and _is_ours_to_repair(seen, asked_at):
        _still_as(seen).update(state=Confirmation.State.OWED, due_at=ClockTimestamp())
        live.stale(*seen.switch.topics())
        return
    differs_since = None if agreed else seen.differs_since or asked_at
    news: dict[str, Any] = {"value": storable(value), "agrees": agreed, "error": ""}
    older = Q(read_at=None) | Q(read_at__lt=asked_at)
    kept = (
        _still_as(seen)
        .filter(older)
        .update(
            read_at=asked_at,
            differs_since=differs_since,
            confirmed_at=seen.confirmed_at or (asked_at if agreed else None),
            **news,
        )
    )
    if kept and any(getattr(seen, name) != now for name, now in news.items()):
        live.stale(*seen.switch.topics())
    if kept and differs_since and seen.differs_since is None:
        _record_drift(seen, value)


def _note_silence(settled: list[Confirmation], error: str) -> None:
    for seen in settled:
        if seen.error != error:
            _still_as(seen).update(error=storable(error))
            live.stale(*seen.switch.topics())


def _still_as(seen: Confirmation) -> Any:
    return Confirmation.objects.filter(
        pk=seen.pk, state=Confirmation.State.SETTLED, number=seen.number
    )


def _is_ours_to_repair(seen: Confirmation, now: datetime) -> bool:
    """Whether it was confirmed so lately that a late writer of ours may have moved it back
    (DESIGN, invariant 4); later than that it is somebody else's change, which a person judges."""
    return (
        seen.number > 0 and seen.confirmed_at is not None and now - seen.confirmed_at < _REPAIR_FOR
    )


def _record_drift(seen: Confirmation, value: object) -> None:
    audit.record(
        "switch.drift",
        actor=Actor.system("switch-poll"),
        subject=seen.switch.subject,
        label=str(seen.switch),
        scope=seen.target.scope,
        data={"target": str(seen.target), "says": value, "wanted": seen.switch.wanted},
    )
