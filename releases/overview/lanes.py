"""Lanes: each project from trunk to production, as the overview shows it.

Six queries, however many projects there are.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from agentmesh_release.core.gates import Checklist, Item
from agentmesh_release.core.models import Step
from agentmesh_release.core.registries import Registry

from ..models.activation import Activation
from ..models.approval import Approval
from ..models.check_summary import CheckSummary
from ..models.deployment import Deployment
from ..models.environment import Environment
from ..models.hold import Hold
from ..models.project import Project
from ..models.promotion import Promotion
from ..models.pull_request import PullRequest
from ..models.rollback import Rollback


@dataclass(frozen=True)
class Vital:
    """One sign of life of what is live, e.g. p95; `budget_left` is a share, 1 is all of it."""

    label: str
    value: str
    state: str
    budget_left: float | None = None


VitalSource = Callable[[list[Project]], dict[int, list[Vital]]]
vital_sources: Registry[VitalSource] = Registry("source of vitals")

TRUNK_STATES = {
    "passed": ("passed", "CI passed"),
    "failed": ("failed", "CI failed"),
    "pending": ("running", "CI is running"),
    "absent": ("inconclusive", "No check ran"),
}


# What a lane says of its project and draft, and of what is live.
_SAID = ("slug", "name", "repository", "default_branch", "trunk_sha")
_DRAFT_SAID = ("draft__project", "draft__version", "draft__bump", "draft__commit_count")
_LIVE_SAID = ("origin", "by", "since", "until", "sha", "vercel_id", "adopted_by", "adopted_at")
_RELEASE_SAID = ("release__project", "release__version", "release__tag")


@dataclass(frozen=True)
class Lane:
    """One project; `promotion` and `rollback` are what is under way, if anything is."""

    project: Project
    live: Activation | None
    hold: Hold | None
    promotion: Promotion | None
    rollback: Rollback | None
    checklist: Checklist
    vitals: list[Vital] = field(default_factory=list)

    @property
    def trunk_state(self) -> str:
        return self._trunk[0]

    @property
    def trunk_word(self) -> str:
        return self._trunk[1]

    @property
    def _trunk(self) -> tuple[str, str]:
        outcome = getattr(self.project, "trunk_outcome", None)
        if outcome is None:
            return "pending", "CI not read yet"
        return TRUNK_STATES.get(outcome, ("inconclusive", "CI gave no clear answer"))

    @property
    def preview_state(self) -> str:
        if self.previews_failed:
            return "warning"
        if self.previews_building:
            return "running"
        return "passed" if self.previews else "idle"

    @property
    def previews(self) -> list[str]:
        """The state of each build of the present head of an open pull request."""
        return getattr(self.project, "previews", [])

    @property
    def previews_failed(self) -> int:
        return sum(state in ("ERROR", "CANCELED") for state in self.previews)

    @property
    def previews_building(self) -> int:
        return sum(state in ("QUEUED", "INITIALIZING", "BUILDING") for state in self.previews)

    @property
    def draft(self) -> Any:
        return getattr(self.project, "draft", None)

    @property
    def release_state(self) -> str:
        """How the next release stands."""
        if self.promotion is None:
            return "draft"
        if self.promotion.is_running:
            return "running"
        blockers = self.checklist.blockers
        return blockers[0].state if blockers else "ready"

    @property
    def blockers(self) -> list[Item]:
        return self.checklist.blockers if self.promotion and not self.promotion.is_running else []

    @property
    def production_state(self) -> str:
        if self.rollback:
            return "running"
        if self.live is None:
            return "idle"
        if self.live.is_outside:
            return "outside"
        if any(vital.state == "breached" for vital in self.vitals):
            return "breached"
        return "held" if self.hold else "live"


def lanes(projects: QuerySet[Project], now: datetime) -> list[Lane]:
    """The lanes of these projects, in their order."""
    found = list(_with_counts(projects))
    ids = [project.pk for project in found]
    live = _by_project(_live(ids))
    holds = _by_project(
        Hold.objects.standing().filter(environment__project__in=ids).select_related("environment")
    )
    promotions = _by_project(_promotions(ids))
    rollbacks = _by_project(_rollbacks(ids))
    vitals = _vitals(found)
    return [
        Lane(
            project,
            live.get(project.pk),
            holds.get(project.pk),
            promotions.get(project.pk),
            rollbacks.get(project.pk),
            _checklist(promotions.get(project.pk), now),
            vitals.get(project.pk, []),
        )
        for project in found
    ]


def _with_counts(projects: QuerySet[Project]) -> QuerySet[Project]:
    checks = CheckSummary.objects.filter(project=OuterRef("pk"), sha=OuterRef("trunk_sha"))
    return (
        projects.select_related("draft")
        .only(*_SAID, *_DRAFT_SAID)
        .annotate(
            trunk_outcome=Subquery(checks.values("outcome")[:1]),
            trunk_gaps=F("protection__gaps"),
            trunk_checked_at=Subquery(checks.values("read_at")[:1]),
            open_pull_requests=_counted(_open_pull_requests()),
            previews=ArraySubquery(_previews().values("state")),
        )
    )


def _open_pull_requests() -> QuerySet[PullRequest]:
    return PullRequest.objects.filter(project=OuterRef("pk"), state=PullRequest.State.OPEN)


def _previews() -> QuerySet[Deployment]:
    """Builds of the present heads of open pull requests."""
    heads = PullRequest.objects.filter(
        project=OuterRef("project"), state=PullRequest.State.OPEN, head_sha=OuterRef("sha")
    )
    return Deployment.objects.filter(project=OuterRef("pk"), target="").filter(
        sha__in=heads.values("head_sha")
    )


def _counted(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.order_by().values("project").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0)


def _live(ids: list[int]) -> QuerySet[Activation]:
    return (
        Activation.objects.live()
        .filter(environment__project__in=ids, environment__kind=Environment.Kind.PRODUCTION)
        .select_related("environment", "release")
        .only(*_LIVE_SAID, "environment__project", *_RELEASE_SAID)
    )


def _promotions(ids: list[int]) -> QuerySet[Promotion]:
    return (
        Promotion.objects.active()
        .filter(environment__project__in=ids)
        .select_related("environment", "release__project", "operation")
        .defer("release__changelog", "decided")
        .annotate(step_label=_step_label(), approved_by=ArraySubquery(_approvers()))
        .order_by("pk")
    )


def _rollbacks(ids: list[int]) -> QuerySet[Rollback]:
    return (
        Rollback.objects.filter(environment__project__in=ids, state__in=Rollback.ACTIVE)
        .select_related("environment", "release__project", "operation")
        .defer("release__changelog")
    )


def _by_project(rows: Iterable[Any]) -> dict[int, Any]:
    return {row.environment.project_id: row for row in rows}


def _step_label() -> Subquery:
    """The step at which the operation is."""
    steps = Step.objects.filter(operation=OuterRef("operation")).exclude(state=Step.State.DONE)
    return Subquery(steps.order_by("position").values("label")[:1])


def _approvers() -> QuerySet[Any, Any]:
    """Who has approved the present plan."""
    approvals = Approval.objects.filter(promotion=OuterRef("pk"), plan_hash=OuterRef("plan_hash"))
    return approvals.values("user_id")


def _checklist(promotion: Promotion | None, now: datetime) -> Checklist:
    return Checklist.from_json(promotion.checklist).aged(now) if promotion else Checklist()


def _vitals(projects: list[Project]) -> dict[int, list[Vital]]:
    found: dict[int, list[Vital]] = {}
    for source in vital_sources:
        for project, vitals in source(projects).items():
            found.setdefault(project, []).extend(vitals)
    return found
