"""How the default branch is guarded, read now and then."""

from datetime import datetime, timedelta

from agentmesh_release.core import live

from ..models.branch_protection import BranchProtection
from ..models.project import Project
from ..pulls import judging, protection, stored_protection

# Rules change rarely, and a webhook says so; this finds what it missed.
AGAIN = timedelta(minutes=20)


def read_due(project: Project, now: datetime) -> None:
    """Read it if that is due. Raises ProviderError."""
    known = BranchProtection.objects.filter(project=project).only("read_at", "is_due").first()
    if known is None or known.is_due or now - known.read_at > AGAIN:
        read(project, now)


def read(project: Project, now: datetime) -> None:
    """Read it, and judge the open pull requests by it where it changed. Raises ProviderError."""
    found = project.github().protection.read(project.repository, project.default_branch)
    fields = stored_protection.fields(found)
    fields["gaps"] = protection.compare(found, project.default_branch).gaps
    known = BranchProtection.objects.filter(project=project).first()
    changed = known is None or any(getattr(known, name) != value for name, value in fields.items())
    BranchProtection.objects.update_or_create(
        project=project, defaults={**fields, "read_at": now, "is_due": False}
    )
    if changed:
        live.stale(f"project:{project.slug}", "overview")
        judging.judge_all(project, now)
