"""Sealing the audit log and finding out whether anybody touched it.

One sealer at a time gives each event its position, behind the transaction horizon, and a seal:
HMAC-SHA256 over the seal before it and the event's canonical JSON, with a key that is kept outside
the database. The newest seal also leaves for a file and the process log (the *anchor*), because a
chain alone cannot tell that its end was cut off.
"""

import hashlib
import hmac
import json
import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from django.db import connection, transaction

from .models.audit_event import AuditEvent

logger = logging.getLogger("agentmesh_release.audit")

GENESIS = b"agentmesh-release audit log"
_SEALER_LOCK = 0x5EA1
_BATCH = 1_000
_SEALED_FIELDS = (
    "position",
    "id",
    "at",
    "actor_kind",
    "actor",
    "verb",
    "subject",
    "label",
    "scope",
    "environment",
    "reason",
    "data",
    "xid",
)


@dataclass(frozen=True)
class Anchor:
    """The newest seal as known outside the database, written `position:hex`."""

    position: int
    seal: bytes

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `position:hex`. Raises ValueError with a sentence."""
        position, colon, seal = text.strip().partition(":")
        try:
            if not colon:
                raise ValueError
            return cls(int(position), bytes.fromhex(seal))
        except ValueError:
            raise ValueError(f"An anchor is written position:seal, not {text!r}.") from None

    @classmethod
    def read(cls, path: Path) -> list[Self]:
        """The anchors in that file, the newest last; none when there is no file.

        More than one stands there when the log lost what an older one proves. Raises ValueError.
        """
        try:
            return [cls.parse(line) for line in path.read_text().splitlines()]
        except FileNotFoundError:
            return []

    def write(self, path: Path, unmet: Iterable["Anchor"] = ()) -> None:
        """Replace the file at once, after those that the log no longer meets."""
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.write_text("".join(f"{anchor}\n" for anchor in (*unmet, self)))
        fresh.replace(path)

    def __str__(self) -> str:
        return f"{self.position}:{self.seal.hex()}"


def sealed(key: bytes, before: bytes, event: AuditEvent) -> bytes:
    """The seal of one event, given the seal before it."""
    content: dict[str, Any] = {name: getattr(event, name) for name in _SEALED_FIELDS}
    content["at"] = event.at.isoformat()
    message = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hmac.digest(key, before + message.encode(), hashlib.sha256)


def seal_new_events(key: bytes, anchor_file: Path, *, limit: int = _BATCH) -> int:
    """Seal up to `limit` committed events; answers how many. 0 also when another one seals."""
    with transaction.atomic():
        if not _take_lock():
            return 0
        last = newest()
        events = _behind_the_horizon(limit)
        position, seal = (last.position, last.seal) if last else (0, GENESIS)
        for event in events:
            position += 1
            event.position = position
            event.seal = seal = sealed(key, seal, event)
        _store(events)
    if events:
        anchor = Anchor(position, seal)
        anchor.write(anchor_file, _unmet(anchor_file))
        logger.info("audit log sealed up to %s", anchor)
    return len(events)


def _unmet(anchor_file: Path) -> list[Anchor]:
    """What left the database and is not in it any more: the only proof that an end was cut off."""
    try:
        anchors = Anchor.read(anchor_file)
    except ValueError:
        logger.exception("the audit log's anchor could not be read; a new one replaces it")
        return []
    unmet = [anchor for anchor in anchors if not _stands(anchor)]
    if unmet and unmet[-1] is anchors[-1]:
        logger.error("audit log: %s was sealed and is gone; its end was cut off", unmet[-1])
    return unmet


def _stands(anchor: Anchor) -> bool:
    return AuditEvent.objects.filter(position=anchor.position, seal=anchor.seal).exists()


def _take_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_SEALER_LOCK])
        return bool(cursor.fetchone()[0])


def wait_for_lock() -> None:
    """Be the one sealer until the present transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SEALER_LOCK])


def newest() -> Anchor | None:
    """The newest seal that the log holds."""
    event = AuditEvent.objects.filter(position__isnull=False).order_by("-position").first()
    if event is None or event.position is None or event.seal is None:
        return None
    return Anchor(event.position, bytes(event.seal))


def _behind_the_horizon(limit: int) -> list[AuditEvent]:
    """Unsealed events of transactions that no running transaction can still precede."""
    return list(
        AuditEvent.objects.filter(position=None)
        .extra(where=["xid < pg_snapshot_xmin(pg_current_snapshot())"])
        .order_by("id")[:limit]
    )


def _store(events: list[AuditEvent]) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE core_auditevent SET position = %s, seal = %s, sealed_at = now() WHERE id = %s",
            [(event.position, bytes(event.seal or b""), event.id) for event in events],
        )


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the log."""

    position: int
    sentence: str


@dataclass(frozen=True)
class Verification:
    """What `verify` found; `findings` is empty when nobody touched the log."""

    sealed: int
    unsealed: int
    newest: Anchor | None
    findings: tuple[Finding, ...]


def verify(key: bytes, *anchors: Anchor) -> Verification:
    """Walk the whole chain and say what was edited, removed, reordered or cut off."""
    findings: list[Finding] = []
    newest: Anchor | None = None
    unmet = set(anchors)
    for event in _in_order():
        position, seal = event.position or 0, bytes(event.seal or b"")
        findings += _gap(newest, position)
        before = newest.seal if newest else GENESIS
        if not hmac.compare_digest(sealed(key, before, event), seal):
            findings.append(_broken(event))
        newest = Anchor(position, seal)
        unmet.discard(newest)
    findings += _lost(newest, unmet)
    if not _guarded():
        findings.append(Finding(0, "The trigger that keeps the log append-only is gone or off."))
    return Verification(
        sealed=AuditEvent.objects.filter(position__isnull=False).count(),
        unsealed=AuditEvent.objects.filter(position=None).count(),
        newest=newest,
        findings=tuple(findings),
    )


def _in_order() -> Iterator[AuditEvent]:
    return (
        AuditEvent.objects.filter(position__isnull=False)
        .order_by("position")
        .iterator(chunk_size=2_000)
    )


def _gap(newest: Anchor | None, position: int) -> list[Finding]:
    expected = newest.position + 1 if newest else 1
    if position == expected:
        return []
    last = position - 1
    missing = (
        f"Position {expected} is" if expected == last else f"Positions {expected} to {last} are"
    )
    return [Finding(expected, f"{missing} missing: removed from the log.")]


def _broken(event: AuditEvent) -> Finding:
    return Finding(
        event.position or 0,
        f"Position {event.position} (id {event.id}, {event.verb} by {event.actor}) does not fit "
        "its seal: it was edited or moved, or what stood before it was.",
    )


def _lost(newest: Anchor | None, unmet: Iterable[Anchor]) -> list[Finding]:
    """What anchors prove was sealed, and the log does not hold."""
    last = newest.position if newest else 0
    return [
        Finding(
            last + 1,
            f"The log ends at position {last}, but position {anchor.position} was sealed: its end "
            "was cut off.",
        )
        if anchor.position > last
        else Finding(
            anchor.position,
            f"Position {anchor.position} does not carry the seal of its anchor: what was sealed "
            "there was cut off or replaced.",
        )
        for anchor in sorted(unmet, key=lambda anchor: anchor.position)
    ]


def _guarded() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_trigger WHERE tgrelid = 'core_auditevent'::regclass "
            "AND tgname LIKE 'core_auditevent_append_only%%' AND tgenabled IN ('O', 'A')"
        )
        return bool(cursor.fetchone()[0] == 2)
