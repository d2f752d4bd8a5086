"""The ticket for `/live`: a signed cookie that says who may hold a stream, without the database.

It lives for minutes, is sent to `/live` alone, and every page of a signed-in person renews it.
"""

from dataclasses import dataclass

from django.core import signing
from django.utils.crypto import salted_hmac

COOKIE = "live"
PATH = "/live"
LIFETIME_S = 600
_SALT = "agentmesh.live"


@dataclass(frozen=True)
class Ticket:
    """Whose stream; `issued_at` in epoch seconds."""

    user_id: int
    session: str
    issued_at: float

    @property
    def keys(self) -> tuple[str, str]:
        """What can take it back, as said on the channel `access`."""
        return f"user:{self.user_id}", f"session:{self.session}"


def session_hash(session_key: str) -> str:
    """What stands for a session where the key itself must not."""
    return salted_hmac(_SALT, session_key).hexdigest()[:32]


def issue(user_id: int, session_key: str, now: float) -> str:
    """The cookie's value."""
    return signing.dumps([user_id, session_hash(session_key), now], salt=_SALT)


def read(value: str, now: float) -> Ticket | None:
    """The ticket; None when it is forged, garbled or too old at `now` (epoch seconds)."""
    try:
        ticket = Ticket(*signing.loads(value, salt=_SALT))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return ticket if now - ticket.issued_at <= LIFETIME_S else None
