"""Incidents: declared, worked on, resolved."""

from datetime import datetime, timedelta
from typing import Any, ClassVar, Self

from django.db import connection, models, transaction
from django.db.models import Max
from django.db.models.functions import Now

from agentmesh_release.core import audit, events, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused
from agentmesh_release.core.transitions import Stateful, from_to

from .component import Component


class IncidentQuerySet(models.QuerySet["Incident"]):
    def open(self) -> Self:
        return self.exclude(state=Incident.State.RESOLVED)


class Incident(Stateful):
    """Something that hurts users; its states are what its public updates say."""

    class State(models.TextChoices):
        INVESTIGATING = "investigating", "Investigating"
        IDENTIFIED = "identified", "Identified"
        MONITORING = "monitoring", "Monitoring"
        RESOLVED = "resolved", "Resolved"

    class Severity(models.TextChoices):
        SEV1 = "sev1", "SEV1"
        SEV2 = "sev2", "SEV2"
        SEV3 = "sev3", "SEV3"

    OPEN: ClassVar = {State.INVESTIGATING, State.IDENTIFIED, State.MONITORING}
    # What its users feel, by how severe it is; these are states of the status page.
    IMPACT: ClassVar = {
        Severity.SEV1: "outage",
        Severity.SEV2: "degraded",
        Severity.SEV3: "degraded",
    }
    TRANSITIONS: ClassVar = {
        State.INVESTIGATING: from_to(OPEN, State.INVESTIGATING),
        State.IDENTIFIED: from_to(OPEN, State.IDENTIFIED),
        State.MONITORING: from_to(OPEN, State.MONITORING),
        State.RESOLVED: from_to(OPEN, State.RESOLVED),
    }
    NOUN = "incident"

    number = models.PositiveIntegerField(unique=True)
    title = models.CharField(max_length=200)
    severity = models.CharField(max_length=4, choices=Severity)
    state = models.CharField(max_length=13, choices=State, default=State.INVESTIGATING)
    components = models.ManyToManyField(Component, related_name="incidents", blank=True)
    declared_by = models.CharField(max_length=150)
    opened_at = models.DateTimeField(db_default=Now())
    resolved_at = models.DateTimeField(null=True)

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(
                    state__in=["investigating", "identified", "monitoring", "resolved"]
                ),
                name="incident_state_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(severity__in=["sev1", "sev2", "sev3"]),
                name="incident_severity_is_known",
            ),
            models.CheckConstraint(
                condition=models.Q(state="resolved", resolved_at__isnull=False)
                | (~models.Q(state="resolved") & models.Q(resolved_at=None)),
                name="incident_resolved_with_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["-number"],
                condition=~models.Q(state="resolved"),
                name="incident_open",
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.title}"

    @property
    def name(self) -> str:
        """What people call it."""
        return f"INC-{self.number}"

    @property
    def is_open(self) -> bool:
        return self.state != self.State.RESOLVED

    @property
    def impact(self) -> str:
        """What its users feel: `outage` or `degraded`."""
        felt: str = self.IMPACT[self.Severity(self.severity)]
        return felt

    @property
    def lasted(self) -> timedelta | None:
        """From its declaration to its end; None while it is open."""
        return self.resolved_at - self.opened_at if self.resolved_at else None

    @property
    def audit_place(self) -> dict[str, str]:
        return {"label": f"{self.name} {self.title}"}

    def topics(self) -> tuple[str, ...]:
        return (f"incident:{self.number}", "incidents", "overview", "status")

    @classmethod
    def declare(
        cls, *, title: str, severity: str, components: list[Component], text: str, by: Actor
    ) -> Self:
        """Open an incident with its first public update.

        Raises Refused: `no_title`, `no_severity`, `no_text`.
        """
        cls._guard(title, severity, text)
        with transaction.atomic(), live.one_notice():
            incident = cls._numbered(title=title, severity=severity, declared_by=by.name)
            incident.components.set(components)
            audit.record(
                "incident.declare",
                actor=by,
                subject=incident.subject,
                reason=text,
                data={"severity": severity, "components": [each.name for each in components]},
                **incident.audit_place,
            )
            incident.entries.create(kind="update", state=incident.state, text=text, by=by.name)
            events.publish("incident.changed", {"number": incident.number})
            live.stale(*incident.topics())
        return incident

    @classmethod
    def _guard(cls, title: str, severity: str, text: str) -> None:
        if not title:
            raise Refused("no_title", "Say in a few words what users notice.", status=422)
        if severity not in cls.Severity.values:
            raise Refused("no_severity", "Choose how severe it is.", status=422)
        if not text:
            raise Refused(
                "no_text", "Write the first update: the status page shows it.", status=422
            )

    @classmethod
    def _numbered(cls, **fields: str) -> Self:
        """One after the other, however many are declared at once."""
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('incident', 0))")
        last = cls.objects.aggregate(last=Max("number"))["last"] or 0
        return cls.objects.create(number=last + 1, **fields)

    def update(self, *, state: str, text: str, by: Actor, now: datetime) -> None:
        """Publish an update, which may move the incident on or resolve it.

        Raises Refused: `no_text`, `no_such_state`, `not_now` once it is resolved.
        """
        if not text:
            raise Refused("no_text", "Write what users should know.", status=422)
        if state not in self.State.values:
            raise Refused("no_such_state", "Choose where the incident stands.", status=422)
        ending: dict[str, Any] = {"resolved_at": now} if state == self.State.RESOLVED else {}
        with self.door() as incident:
            incident.move(state, actor=by, reason=text, **ending)
            incident.entries.create(kind="update", state=state, text=text, by=by.name)
            events.publish("incident.changed", {"number": incident.number})

    def note(self, *, text: str, by: Actor) -> None:
        """Add to the timeline what the public does not see. Raises Refused (`no_text`)."""
        if not text:
            raise Refused("no_text", "Write what you saw or did.", status=422)
        with transaction.atomic(), live.one_notice():
            self.entries.create(kind="note", text=text, by=by.name)
            audit.record(
                "incident.note",
                actor=by,
                subject=self.subject,
                reason=text,
                label=self.audit_place["label"],
            )
            live.stale(*self.topics())
