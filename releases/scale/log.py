"""An audit log as long as is asked for, sealed as the sealer would have done it."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime

from django.conf import settings
from django.db import connection

from agentmesh_release.core import seals
from agentmesh_release.core.filling import Row, fill, first_free_id
from agentmesh_release.core.models import AuditEvent
from agentmesh_release.core.seals import Anchor

from .plan import LONGEST, Plan
from .trunk import Made, Place

_COLUMNS = (
    "id", "at", "actor_kind", "actor", "verb", "subject", "label", "scope", "environment",
    "reason", "data", "xid", "position", "seal", "sealed_at",
)  # fmt: skip
_VERBS = ("release.cut", "promotion.approve", "promotion.execute", "promotion.complete", "refused")
_PEOPLE = ("Ada", "Ben", "Cleo", "Sam")
_REASONS = ("Planned.", "Asked for by support.", "A fix that cannot wait.", "")


def fill_log(plan: Plan, count: int, releases: Sequence[tuple[Place, Sequence[Made]]]) -> int:
    """Write `count` events behind the newest seal, each with its own; inside a transaction, during
    which nobody else seals."""
    seals.wait_for_lock()
    newest = seals.newest() or Anchor(0, seals.GENESIS)
    events = _events(plan, count, releases, first_free_id(AuditEvent), newest.position, _xid())
    return fill(AuditEvent, _COLUMNS, _sealed(events, newest.seal, plan.now))


def _xid() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_current_xact_id()::text::bigint")
        (xid,) = cursor.fetchone()
    return int(xid)


def _events(
    plan: Plan,
    count: int,
    releases: Sequence[tuple[Place, Sequence[Made]]],
    pk: int,
    position: int,
    xid: int,
) -> Iterator[AuditEvent]:
    dice = plan.chance(-1, "log")
    step = LONGEST / max(1, count)
    for number in range(count):
        # As uneven as the rest: half of what happens happens in the first project.
        place, own = releases[0 if dice.random() < 0.5 else int(dice.random() * len(releases))]
        release = own[int(dice.random() * len(own))]
        yield AuditEvent(
            id=pk + number,
            at=plan.now - LONGEST + step * number,
            actor_kind="person",
            actor=_PEOPLE[int(dice.random() * len(_PEOPLE))],
            verb=_VERBS[int(dice.random() * len(_VERBS))],
            subject=f"release:{release.pk}",
            label=f"{place.size.slug} {release.tag}",
            scope=place.size.slug,
            environment=place.production,
            reason=_REASONS[int(dice.random() * len(_REASONS))],
            data={},
            xid=xid,
            position=position + number + 1,
        )


def _sealed(events: Iterator[AuditEvent], seal: bytes, now: datetime) -> Iterator[Row]:
    key = settings.AUDIT_KEY.encode()
    for event in events:
        seal = seals.sealed(key, seal, event)
        yield (
            event.id, event.at, event.actor_kind, event.actor, event.verb, event.subject,
            event.label, event.scope, event.environment, event.reason, json.dumps(event.data),
            str(event.xid), event.position, seal, now,
        )  # fmt: skip
