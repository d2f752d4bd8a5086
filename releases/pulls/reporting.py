"""Whether GitHub is told how the pull requests of a project stand to the trunk rules."""

from datetime import datetime

from django.db import transaction

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from ..models.project import Project
from . import judging


def switch(project: Project, wanted: bool, *, by: Actor, reason: str, now: datetime) -> None:
    """Tell GitHub from now on, the open ones at once; or stop. What was told stays there.

    Raises Refused (`as_it_is`) when it is so already.
    """
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if locked.reports_back == wanted:
            said = "is told already" if wanted else "is not told anyway"
            raise Refused("as_it_is", f"GitHub {said}, so nothing was changed.")
        locked.reports_back = wanted
        locked.save(update_fields=["reports_back"])
        audit.record(
            "trunk_report.on" if wanted else "trunk_report.off",
            actor=by,
            subject=f"project:{locked.pk}",
            label=str(locked),
            scope=locked.slug,
            reason=reason,
        )
        live.stale(f"project:{locked.slug}")
        judging.judge_all(locked, now)
