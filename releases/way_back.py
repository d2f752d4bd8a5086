"""The way back: which release a rollback would go to."""

from django.db.models import OuterRef, QuerySet

from .models.deployment import Deployment
from .models.release import Release


def ways_back(release: Release) -> QuerySet[Release]:
    """Earlier releases with a build that was live before, newest first."""
    builds = Deployment.objects.rollback_candidates().filter(
        project=OuterRef("project"), sha=OuterRef("commit_sha")
    )
    return (
        Release.objects.filter(
            project=release.project_id,
            precedence__lt=release.precedence,
            commit_sha__in=builds.values("sha"),
        )
        .exclude(commit_sha=release.commit_sha)
        .defer("changelog")
        .order_by("-precedence")
    )
