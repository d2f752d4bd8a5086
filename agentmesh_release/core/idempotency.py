"""Doing once what a program may ask for twice, since it cannot know whether we heard it."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction

from .leases import ClockTimestamp
from .models.idempotency_key import IdempotencyKey
from .refusals import Refused

KEPT_FOR = timedelta(days=7)
LONGEST_KEY = 255


@dataclass(frozen=True)
class Done:
    """What a request came to: `subject` names what it made, now or when it was first sent."""

    subject: str
    is_repeat: bool


def once(key: str, *, scope: str, asked: dict[str, Any], act: Callable[[], str]) -> Done:
    """Call `act` in one transaction, unless it was done under this key; `act` answers a subject.

    `asked` is the request in plain JSON. Of two at once the second waits for the first. Without a
    key nothing is remembered. Raises Refused (422: `bad_idempotency_key`,
    `idempotency_key_reused` when the key stands for another request), and what `act` raises.
    """
    if not key:
        with transaction.atomic():
            return Done(act(), is_repeat=False)
    if len(key) > LONGEST_KEY or not key.isascii() or not key.isprintable():
        raise Refused(
            "bad_idempotency_key",
            f"An Idempotency-Key has at most {LONGEST_KEY} printable ASCII characters.",
            status=422,
        )
    fingerprint = _hashed(json.dumps(asked, sort_keys=True))
    with transaction.atomic():
        kept, is_new = IdempotencyKey.objects.get_or_create(
            scope=scope, key_hash=_hashed(key), defaults={"fingerprint": fingerprint}
        )
        if is_new:
            kept.subject = act()
            kept.save(update_fields=["subject"])
        elif kept.fingerprint != fingerprint:
            raise Refused(
                "idempotency_key_reused",
                "This Idempotency-Key stands for another request already. Nothing was done.",
                status=422,
            )
    return Done(kept.subject, is_repeat=not is_new)


def forget() -> None:
    """Let go of keys that nobody repeats any more."""
    IdempotencyKey.objects.filter(created_at__lt=ClockTimestamp() - KEPT_FOR).delete()


def _hashed(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
