"""What is read slowly for each project, so that it costs little of a token's hour."""

from django.utils import timezone

from agentmesh_release.core.polls import poll

from .evidence import alerts, dossiers
from .models.project import Project

ALERTS_S = 3_600.0
# Where none of the three can be read, somebody has to switch them on first.
ALERTS_UNREADABLE_S = 6 * ALERTS_S
IDLE_S = 300.0
GOING_ON_S = 20.0


@poll("security-alerts", "Security alerts", every_s=ALERTS_S)
def read_alerts(scope: str) -> float:
    """GitHub's security alerts: three calls, which ETags make free while nothing changes."""
    is_readable = alerts.read(Project.objects.get(slug=scope), timezone.now())
    return ALERTS_S if is_readable else ALERTS_UNREADABLE_S


@poll("evidence", "Evidence of releases", every_s=IDLE_S)
def read_dossiers(scope: str) -> float:
    """The dossiers that are not complete; no call at all while there are none."""
    project = Project.objects.get(slug=scope)
    dossiers.open_for_cut(project, timezone.now())
    return GOING_ON_S if dossiers.read(project, timezone.now()) else IDLE_S
