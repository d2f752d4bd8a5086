from .audit_event import AuditEvent
from .event import Event, Reaction
from .heartbeat import Heartbeat
from .membership import Membership, Role
from .operation import LogLine, Operation, Step
from .poll import Poll
from .sign_in_link import SignInLink
from .user import User
from .world import World

__all__ = [
    "AuditEvent",
    "Event",
    "Heartbeat",
    "LogLine",
    "Membership",
    "Operation",
    "Poll",
    "Reaction",
    "Role",
    "SignInLink",
    "Step",
    "User",
    "World",
]
