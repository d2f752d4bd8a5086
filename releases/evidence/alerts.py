"""GitHub's security alerts, read slowly: they change by the day, and every call is one of 5,000."""

from collections import Counter
from datetime import datetime

from django.db import transaction

from agentmesh_release.core import live
from agentmesh_release.core.text import storable
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import Alert, AlertSource, GitHub, OpenAlerts, Unknown

from ..models.project import Project
from ..models.security_reading import SecurityReading

MOST_KEPT = 50
SEVERITIES = ("critical", "high", "medium", "low", "")


def read(project: Project, now: datetime) -> bool:
    """Read all three sources; answers whether any of them could be read.

    Raises ProviderError for what may pass by itself; what will not is kept as not known.
    """
    client = project.github()
    found = {source: _open(client, project, source) for source in AlertSource}
    rows = [_row(project, source, answer, now) for source, answer in found.items()]
    with transaction.atomic():
        SecurityReading.objects.bulk_create(
            rows,
            update_conflicts=True,
            unique_fields=["project", "source"],
            update_fields=["why", "open_count", "may_be_cut", "severities", "alerts", "read_at"],
        )
        live.stale(f"project:{project.slug}")
    return any(not row.why for row in rows)


def _open(client: GitHub, project: Project, source: AlertSource) -> OpenAlerts | Unknown:
    try:
        return client.alerts.open(project.repository, source)
    except ProviderError as error:
        if error.permanent:
            return Unknown(str(error))
        raise


def _row(
    project: Project, source: AlertSource, answer: OpenAlerts | Unknown, now: datetime
) -> SecurityReading:
    row = SecurityReading(project=project, source=str(source), read_at=now)
    if isinstance(answer, Unknown):
        row.why = storable(answer.why)
        return row
    counted = Counter(alert.severity for alert in answer.alerts)
    row.open_count, row.may_be_cut = len(answer.alerts), answer.may_be_cut
    row.severities = {name: counted[name] for name in SEVERITIES if counted[name]}
    row.alerts = [_kept(alert) for alert in answer.alerts[:MOST_KEPT]]
    return row


def _kept(alert: Alert) -> dict[str, object]:
    return {
        "number": alert.number,
        "summary": storable(alert.summary)[:300],
        "severity": alert.severity,
        "url": alert.url[:500],
        "created_at": alert.created_at.isoformat() if alert.created_at else None,
    }
