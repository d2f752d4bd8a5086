"""What CI says of a commit."""

from datetime import datetime

from ..models.check_summary import CheckSummary
from ..models.project import Project


def read(project: Project, sha: str, now: datetime) -> CheckSummary:
    """Read check runs and statuses of that commit. Raises ProviderError."""
    checks = project.github().checks.summary(project.repository, sha)
    results = [
        {"name": result.name, "outcome": str(result.outcome), "url": result.url or ""}
        for result in checks.results
    ]
    summary, _ = CheckSummary.objects.update_or_create(
        project=project,
        sha=sha,
        defaults={"outcome": str(checks.overall), "results": results, "read_at": now},
    )
    return summary
