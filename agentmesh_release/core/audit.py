"""Writing the audit log. Reading it back and proving it is in `seals`."""

from typing import Any

from .actors import Actor
from .models.audit_event import AuditEvent
from .text import storable


def record(
    verb: str,
    *,
    actor: Actor,
    subject: str = "",
    label: str = "",
    scope: str = "",
    environment: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> AuditEvent:
    """Write one audit event in the present transaction.

    `verb` is `noun.verb`, `subject` is `noun:id`, `label` is what people call the subject, `scope`
    is a project's slug or empty for the whole world. Names are stored, never references.
    """
    return AuditEvent.objects.create(
        verb=verb,
        actor_kind=actor.kind,
        actor=actor.name,
        subject=subject,
        label=storable(label),
        scope=scope,
        environment=environment,
        reason=storable(reason),
        data=storable(data or {}),
    )
