"""Closing the bypass: Vercel's automatic assignment of production domains (DESIGN, invariant 7)."""

from datetime import datetime

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused
from agentmesh_release.providers.errors import ProviderError

from ..models.environment import Environment
from ..models.project import Project


def close(project: Project, *, by: Actor, reason: str, now: datetime) -> bool:
    """Look, switch it off if it is on, and read it back; answers whether it was open.

    Raises Refused (`not_closed`) with Vercel's own words when that cannot be done.
    """
    production = Environment.objects.get(project=project, kind=Environment.Kind.PRODUCTION)
    try:
        client = project.vercel()
        was_open = client.project(project.vercel_project_id).auto_assign_custom_domains is not False
        if was_open:
            client.assign_domains_by_itself(project.vercel_project_id, False)
        seen = client.project(project.vercel_project_id).auto_assign_custom_domains
    except ProviderError as error:
        raise Refused("not_closed", str(error)) from None
    Environment.objects.filter(pk=production.pk).update(
        assigns_by_itself=seen, assignment_read_at=now
    )
    if seen is not False:
        raise Refused("not_closed", "Vercel took it, and still says that the bypass is open.")
    if was_open:
        audit.record(
            "production.close_bypass",
            actor=by,
            subject=f"project:{project.pk}",
            label=project.name,
            scope=project.slug,
            environment=production.key,
            reason=reason,
        )
    live.stale(f"project:{project.slug}", "overview")
    return was_open
