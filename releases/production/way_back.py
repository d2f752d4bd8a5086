"""The way back: which release a rollback would go to."""

from django.db.models import Exists, OuterRef, QuerySet

from ..models.deployment import Deployment
from ..models.release import Release
from ..models.rollback import Rollback


def ways_back(release: Release) -> QuerySet[Release]:
    """Earlier releases with a build that was live before, newest first; none that was withdrawn,
    although a person may still go back to one."""
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
        .exclude(state=Release.State.WITHDRAWN)
        .defer("changelog")
        .order_by("-precedence")
    )


def was_rolled_back() -> Exists:
    """Whether a rollback away from the release was carried out; for `annotate`."""
    done = Rollback.objects.filter(bad_release=OuterRef("pk"), state=Rollback.State.DONE)
    return Exists(done)
