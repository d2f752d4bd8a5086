"""Known issues: what is wrong with a release, carried on to later ones until it is closed."""

from datetime import datetime
from typing import ClassVar, Self

from django.db import IntegrityError, models, transaction

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.text import storable
from agentmesh_release.core.transitions import Stateful, from_to

from .project import Project
from .release import Release

LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 4_000


class KnownIssueQuerySet(models.QuerySet["KnownIssue"]):
    def in_release(self, project: object, precedence: object) -> Self:
        """Those that a release of that precedence has, and those that were closed in it.

        Takes values, or references to the columns of an outer query.
        """
        return self.filter(
            models.Q(state="open") | models.Q(closed_in__precedence__gte=precedence),
            project=project,
            release__precedence__lte=precedence,
        )

    def gravest_first(self) -> Self:
        """Open ones before closed ones, then by severity, then as they were found."""
        order = [
            models.When(severity=severity, then=models.Value(position))
            for position, severity in enumerate(KnownIssue.Severity.values)
        ]
        return self.alias(gravity=models.Case(*order, default=models.Value(9))).order_by(
            "-state", "gravity", "id"
        )


class KnownIssue(Stateful):
    """An issue that was found in `release` and is in every later one until `closed_in`."""

    class State(models.TextChoices):
        OPEN = "open", "Open"
        CLOSED = "closed", "Closed"

    class Severity(models.TextChoices):
        HIGH = "high", "High"
        MEDIUM = "medium", "Medium"
        LOW = "low", "Low"

    NOUN = "known_issue"
    TRANSITIONS: ClassVar = {"close": from_to({State.OPEN}, State.CLOSED)}

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="known_issues")
    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="known_issues")
    state = models.CharField(max_length=6, choices=State, default=State.OPEN)
    severity = models.CharField(max_length=6, choices=Severity)
    title = models.CharField(max_length=LONGEST_TITLE)
    description = models.TextField(blank=True)
    url = models.URLField(max_length=500, blank=True)
    opened_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField()
    closed_in = models.ForeignKey(
        Release, null=True, on_delete=models.SET_NULL, related_name="issues_closed"
    )
    closed_by = models.CharField(max_length=150, blank=True)
    closed_at = models.DateTimeField(null=True)
    closed_because = models.TextField(blank=True)

    objects = KnownIssueQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=["open", "closed"]), name="known_issue_state_is_known"
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=["high", "medium", "low"]),
                name="known_issue_severity_is_known",
            ),
            models.UniqueConstraint(
                fields=["project", "title"],
                condition=models.Q(state="open"),
                name="known_issue_open_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": f"{self.release}: {self.title}", "scope": self.project.slug}

    def topics(self) -> tuple[str, ...]:
        return (self.subject, f"project:{self.project.slug}")

    @classmethod
    def add(
        cls,
        release: Release,
        *,
        severity: str,
        title: str,
        description: str,
        url: str,
        by: Actor,
        now: datetime,
    ) -> Self:
        """Note an issue of that release. Raises Refused (`known_already`)."""
        issue = cls(
            project=release.project,
            release=release,
            severity=severity,
            title=storable(title),
            description=storable(description),
            url=url,
            opened_by=by.name,
            opened_at=now,
        )
        with transaction.atomic(), live.one_notice():
            issue._insert()
            audit.record(
                "known_issue.add",
                actor=by,
                subject=issue.subject,
                data={"release": release.version, "severity": severity},
                **issue.audit_place,
            )
            live.stale(*issue.topics())
        return issue

    def _insert(self) -> None:
        try:
            with transaction.atomic():
                self.save(force_insert=True)
        except IntegrityError:
            raise Refused(
                "known_already", f"“{self.title}” is known already, and not closed yet."
            ) from None

    def close(self, release: Release, *, by: Actor, reason: str, now: datetime) -> None:
        """It is no issue of that release any more, nor of any later one.

        Raises Refused: `older_release` when that release came before the issue, `not_now`.
        """
        with self.door() as issue:
            if release.precedence < issue.release.precedence:
                raise Refused(
                    "older_release",
                    f"It was found in {issue.release.tag}, which came after {release.tag}; close "
                    "it there or in a later release.",
                )
            issue.move(
                "close",
                actor=by,
                reason=reason,
                data={"release": release.version},
                closed_in_id=release.pk,
                closed_by=by.name,
                closed_at=now,
                closed_because=storable(reason),
            )
