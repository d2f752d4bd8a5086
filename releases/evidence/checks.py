"""What CI says of a commit. What we say of it ourselves is no CI."""

from dataclasses import replace
from datetime import datetime

from ..models.check_summary import CheckSummary
from ..models.project import Project
from ..pulls.names import is_ours


def read(project: Project, sha: str, now: datetime) -> CheckSummary:
    """Read check runs and statuses of that commit. Raises ProviderError."""
    checks = project.github().checks.summary(project.repository, sha)
    checks = replace(checks, results=tuple(r for r in checks.results if not is_ours(r.name)))
    results = [
        {
            "name": result.name,
            "outcome": str(result.outcome),
            "url": result.url or "",
            "source": result.source,
            "said": result.said,
            "app_id": result.app_id,
        }
        for result in checks.results
    ]
    summary, _ = CheckSummary.objects.update_or_create(
        project=project,
        sha=sha,
        defaults={"outcome": str(checks.overall), "results": results, "read_at": now},
    )
    return summary
