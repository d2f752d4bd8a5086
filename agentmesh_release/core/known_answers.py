"""The shelf of providers' answers, in the database: what polling knows outlives its process."""

import hashlib
import logging
from datetime import timedelta

from django.db import DatabaseError

from ..providers.etags import Kept
from .leases import ClockTimestamp
from .models.known_answer import KnownAnswer
from .text import storable

logger = logging.getLogger(__name__)

_KEPT = timedelta(days=14)
_LONGEST_ETAG = 200
_FIELDS = ("etag", "headers", "body", "is_json", "kept_at")
# Of an answer's headers, those that say how the list goes on.
_HEADERS = ("link",)


class KnownAnswers:
    """Never raises: what the database does not give is asked for in full."""

    def take(self, key: str) -> Kept | None:
        try:
            row = KnownAnswer.objects.filter(pk=_hash(key)).first()
        except DatabaseError as error:
            logger.warning("known answers: %s", type(error).__name__)
            return None
        return Kept(row.etag, row.headers, bytes(row.body), row.is_json) if row else None

    def put(self, key: str, kept: Kept) -> None:
        if len(kept.etag) > _LONGEST_ETAG:
            return
        headers = {name: kept.headers[name] for name in kept.headers if name.lower() in _HEADERS}
        row = KnownAnswer(
            key=_hash(key),
            etag=storable(kept.etag),
            headers=storable(headers),
            body=kept.body,
            is_json=kept.is_json,
            kept_at=ClockTimestamp(),
        )
        try:
            KnownAnswer.objects.bulk_create(
                [row], update_conflicts=True, unique_fields=["key"], update_fields=_FIELDS
            )
        except DatabaseError as error:
            logger.warning("known answers: %s", type(error).__name__)


def forget() -> None:
    """Let go of answers that have not changed for two weeks; those still asked for come again."""
    KnownAnswer.objects.filter(kept_at__lt=ClockTimestamp() - _KEPT).delete()


def _hash(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
