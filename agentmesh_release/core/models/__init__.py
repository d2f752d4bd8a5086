from .api_token import ApiToken
from .audit_event import AuditEvent
from .event import Event, Reaction
from .heartbeat import Heartbeat
from .idempotency_key import IdempotencyKey
from .incoming_webhook import IncomingWebhook, WebhookRefusal
from .known_answer import KnownAnswer
from .membership import Membership, Role
from .operation import LogLine, Operation, Step
from .poll import Poll
from .sign_in_link import SignInLink
from .user import User
from .world import World

__all__ = [
    "ApiToken",
    "AuditEvent",
    "Event",
    "Heartbeat",
    "IdempotencyKey",
    "IncomingWebhook",
    "KnownAnswer",
    "LogLine",
    "Membership",
    "Operation",
    "Poll",
    "Reaction",
    "Role",
    "SignInLink",
    "Step",
    "User",
    "WebhookRefusal",
    "World",
]
