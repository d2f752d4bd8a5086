"""Putting a project away: it is not read, and nothing new goes out; its history stays."""

from datetime import datetime

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Poll
from agentmesh_release.core.refusals import Refused

from ..models.project import Project
from ..models.promotion import Promotion
from .creating import refuse_taken, see_to
from .editing import leave_target, refuse_running
from .holding import held


def archive(project: Project, *, by: Actor, reason: str, now: datetime) -> None:
    """Archive it; what was asked for is withdrawn.

    Raises Refused: `archived` when it is already, `operation_running`, `switch_off`.
    """
    with held(project) as (locked, _):
        if locked.is_archived:
            raise Refused("archived", f"{locked.archived_by} has archived {locked} already.")
        refuse_running(locked)
        for promotion in Promotion.objects.requested().filter(environment__project=locked):
            promotion.withdraw(by=by, reason=f"{locked} was archived: {reason}", now=now)
        locked.archived_at, locked.archived_by = now, by.name
        locked.save(update_fields=["archived_at", "archived_by"])
        Poll.objects.filter(scope=locked.slug).delete()
        leave_target(locked, locked.app_database_url_name, by)
        _record("project.archive", locked, by, reason)


def restore(project: Project, *, by: Actor, reason: str) -> None:
    """Take it up again. Raises Refused: `not_archived`, `repository_taken`."""
    with held(project) as (locked, _):
        if not locked.is_archived:
            raise Refused("not_archived", f"{locked} is not archived any more.")
        refuse_taken(locked)
        locked.archived_at, locked.archived_by = None, ""
        locked.save(update_fields=["archived_at", "archived_by"])
        _record("project.restore", locked, by, reason)
        see_to(locked)


def _record(verb: str, project: Project, by: Actor, reason: str) -> None:
    audit.record(
        verb,
        actor=by,
        subject=f"project:{project.pk}",
        label=project.name,
        scope=project.slug,
        reason=reason,
    )
    live.stale(f"project:{project.slug}", "overview")
