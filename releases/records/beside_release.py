"""What the record tells of tables beside the release, read with it in one query."""

from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import CharField, F, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat

from agentmesh_release.core.models import AuditEvent

from .. import artifacts, known_issues
from ..models.activation import Activation
from ..models.check_summary import CheckSummary
from ..models.commit import Commit
from ..models.release import Release
from ..models.rollback import Rollback
from ..models.security_reading import SecurityReading
from ..rows import as_rows, moments

MOST_EVENTS = 200
MOST_DIRECT = 100


def releases(*, with_texts: bool = True) -> "QuerySet[Release]":
    """Releases with everything that the record tells from rows beside them.

    Without texts the long ones stay in the database: what edits of the changelog said.
    """
    long_ones = () if with_texts else ("edited_notes__text", "edited_notes__generated")
    return (
        Release.objects.select_related("project", "previous", "dossier", "edited_notes")
        .defer("changelog", "previous__changelog", *long_ones)
        .annotate(
            artifact_rows=artifacts.of_release(),
            direct_rows=_direct(),
            check_rows=_checks(),
            security_rows=_security(),
            activation_rows=_activations(),
            rollback_rows=_rollbacks(),
            issue_rows=known_issues.rows(),
            event_rows=_events(with_texts),
        )
    )


def _direct() -> ArraySubquery:
    """Commits of the release that name no pull request: they may have gone past a review."""
    told = Commit.objects.filter(
        Q(release=OuterRef("pk")) | Q(stable_release=OuterRef("pk")), pull_request=None
    ).exclude(is_merge=True)
    return as_rows(told.order_by("-position")[:MOST_DIRECT], "sha", "subject", author="author_name")


def _checks() -> ArraySubquery:
    rows = CheckSummary.objects.filter(project=OuterRef("project"), sha=OuterRef("commit_sha"))
    return as_rows(rows, "outcome", "results", "read_at")


def _security() -> ArraySubquery:
    rows = SecurityReading.objects.filter(project=OuterRef("project"))
    return as_rows(
        rows, "source", "why", "open_count", "may_be_cut", "severities", "alerts", "read_at"
    )


def _activations() -> ArraySubquery:
    rows = Activation.objects.filter(release=OuterRef("pk")).order_by("since")
    return as_rows(
        rows,
        "vercel_id", "sha", "origin", "by", "since", "until", "adopted_by", "adopted_at",
        environment="environment__kind",
    )  # fmt: skip


def _rollbacks() -> ArraySubquery:
    """Away from it, and back to it."""
    rows = Rollback.objects.filter(Q(release=OuterRef("pk")) | Q(bad_release=OuterRef("pk")))
    return as_rows(
        rows.order_by("id"),
        "id", "state", "requested_by", "requested_at", "reason", "outcome", "ended_at", "plan",
        to="release__tag", away_from=F("bad_release__tag"),
    )  # fmt: skip


def _events(with_data: bool) -> ArraySubquery:
    """What the audit log has of it, oldest first."""
    subject = Concat(Value("release:"), Cast(OuterRef("pk"), CharField()))
    rows = AuditEvent.objects.filter(subject=subject).order_by("id")[:MOST_EVENTS]
    fields = (
        "at",
        "verb",
        "actor",
        "actor_kind",
        "reason",
        "position",
        *(("data",) if with_data else ()),
    )
    return as_rows(rows, *fields)


def first(rows: list[dict[str, Any]]) -> dict[str, Any]:
    """The only row, or an empty one."""
    return rows[0] if rows else {}


def rows_of(release: Release, name: str) -> list[dict[str, Any]]:
    """The rows that `releases` read beside it under that name."""
    return moments(getattr(release, f"{name}_rows"))
