"""Builds, checks, promotions with their approvals and operations, rollbacks, holds, as rows."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from agentmesh_release.core.filling import Row, fill, first_free_id
from agentmesh_release.core.gates import Checklist, Item, Verdict
from agentmesh_release.core.models import Operation, Step, User

from ..models import (
    Activation,
    Approval,
    CheckSummary,
    Deployment,
    Environment,
    Hold,
    MigrationReading,
    Promotion,
    Rollback,
)
from ..production.plans import EXECUTOR, plan_hash
from .plan import Plan
from .production import Course, Promoted
from .trunk import Made, Place

_GATES = ("CI checks", "Migrations", "Freeze", "Error budget", "Bypass closed", "Approvals")
_STEPS = ("Admit", "Promote", "Confirm", "Watch")
_CHECKS = [{"name": name, "outcome": "passed", "url": ""} for name in ("build", "tests", "e2e")]


def fill_delivery(plan: Plan, courses: Sequence[Course]) -> None:
    """All of it; the releases and environments are there already."""
    environments = dict(
        Environment.objects.filter(
            kind=Environment.Kind.PRODUCTION, project__in=[each.place.pk for each in courses]
        ).values_list("project", "pk")
    )
    _Filling(plan, courses, environments).all()


class _Filling:
    """One pass over the courses for every table."""

    def __init__(
        self,
        plan: Plan,
        courses: Sequence[Course],
        environments: dict[int, int],
    ) -> None:
        self.plan = plan
        self.courses = courses
        self.environments = environments
        self.operation = first_free_id(Operation)
        self.promotion = first_free_id(Promotion)
        self.rollback = first_free_id(Rollback)
        self.ben = User.objects.filter(username="ben").values_list("pk", flat=True).first()

    def all(self) -> None:
        self._evidence()
        self._lives()
        self._promotions()
        self._rollbacks()

    def _releases(self) -> Iterator[tuple[Place, Promoted]]:
        for each in self.courses:
            for promoted in each.promoted:
                yield each.place, promoted

    def _evidence(self) -> None:
        results = json.dumps(_CHECKS)
        fill(
            Deployment,
            ("project", "vercel_id", "target", "sha", "branch", "state", "substate", "created_at",
             "ready_at", "read_at"),
            (
                (place.pk, build_of(each.release), "production", each.release.sha, "main", "READY",
                 "PROMOTED" if each.live_at else "STAGED", each.asked_at, each.asked_at, each.at)
                for place, each in self._releases()
            ),
        )  # fmt: skip
        fill(
            CheckSummary,
            ("project", "sha", "outcome", "results", "read_at"),
            ((place.pk, each.release.sha, "passed", results, each.at)
             for place, each in self._once_a_commit()),
        )  # fmt: skip
        fill(
            MigrationReading,
            ("project", "sha", "read_at"),
            ((place.pk, each.release.sha, each.at) for place, each in self._once_a_commit()),
        )

    def _once_a_commit(self) -> Iterator[tuple[Place, Promoted]]:
        """A project with more releases than commits cuts several of the same."""
        seen: set[str] = set()
        for place, each in self._releases():
            if each.release.sha not in seen:
                seen.add(each.release.sha)
                yield place, each

    def _lives(self) -> None:
        fill(
            Activation,
            ("environment", "release", "vercel_id", "sha", "origin", "by", "since", "until"),
            (
                (self.environments[each.place.pk], lived.release.pk, build_of(lived.release),
                 lived.release.sha, lived.origin, "Ben", lived.since, lived.until)
                for each in self.courses
                for lived in each.lived
            ),
        )  # fmt: skip

    def _promotions(self) -> None:
        numbered = list(enumerate(self._releases()))
        waiting = [each for each in self.courses if each.waiting]
        fill(
            Promotion,
            ("id", "release", "environment", "state", "requested_by", "requested_at", "plan",
             "plan_hash", "checklist", "decided", "executed_by", "executed_at", "operation",
             "outcome", "ended_at"),
            (self._promotion(number, place, each) for number, (place, each) in numbered),
        )  # fmt: skip
        fill(
            Promotion,
            ("id", "release", "environment", "state", "requested_by", "requested_at", "plan",
             "plan_hash", "checklist"),
            (self._request(len(numbered) + number, each) for number, each in enumerate(waiting)),
        )  # fmt: skip
        fill(
            Approval,
            ("promotion", "user", "by", "plan_hash", "checklist", "at"),
            (
                (self.promotion + number, self.ben, "Ben", plan_hash(_plan(place, each.release)),
                 "{}", each.at - timedelta(minutes=1))
                for number, (place, each) in numbered
            ),
        )  # fmt: skip
        self._operations(
            (place, "promotion", self.promotion + number, f"Promote {place.size.slug}",
             _plan(place, each.release), "done" if each.live_at else "failed", each.at)
            for number, (place, each) in numbered
        )  # fmt: skip

    def _promotion(self, number: int, place: Place, each: Promoted) -> Row:
        plan, clear = _plan(place, each.release), json.dumps(_checklist(each.at, is_clear=True))
        return (
            self.promotion + number, each.release.pk, self.environments[place.pk],
            "live" if each.live_at else "failed", "Ada", each.asked_at, json.dumps(plan),
            plan_hash(plan), clear, clear, "Ben", each.at, self.operation + number,
            "Live." if each.live_at else "Vercel did not move the domain.", each.at,
        )  # fmt: skip

    def _request(self, number: int, each: Course) -> Row:
        release = each.waiting
        assert release is not None  # noqa: S101 (they were chosen for having one)
        plan = _plan(each.place, release)
        return (
            self.promotion + number, release.pk, self.environments[each.place.pk], "requested",
            "Ada", release.at, json.dumps(plan), plan_hash(plan),
            json.dumps(_checklist(self.plan.now, is_clear=False)),
        )  # fmt: skip

    def _rollbacks(self) -> None:
        numbered = list(
            enumerate((each.place, back) for each in self.courses for back in each.went_back)
        )
        fill(
            Rollback,
            ("id", "environment", "release", "bad_release", "bad_sha", "state", "requested_by",
             "requested_at", "reason", "plan", "outcome", "ended_at"),
            (
                (self.rollback + number, self.environments[place.pk], back.to.pk, back.bad.pk,
                 back.bad.sha, "done", "Cleo", back.at, "Errors rise.",
                 json.dumps(_plan(place, back.to)), "Rolled back.", back.at)
                for number, (place, back) in numbered
            ),
        )  # fmt: skip
        fill(
            Hold,
            ("environment", "release", "bad_sha", "reason", "by", "since", "lifted_at",
             "lifted_by"),
            (
                (self.environments[place.pk], back.bad.pk, back.bad.sha, "Errors rise.", "Cleo",
                 back.at, back.at + timedelta(hours=3), "Ben")
                for _, (place, back) in numbered
            ),
        )  # fmt: skip

    def _operations(
        self, acts: Iterator[tuple[Place, str, int, str, dict[str, object], str, datetime]]
    ) -> None:
        known = list(enumerate(acts))
        fill(
            Operation,
            ("id", "kind", "label", "acts_for", "scope", "environment", "plan", "requested_by",
             "state", "created_at", "started_at", "ended_at"),
            (
                (self.operation + number, kind, label, f"{kind}:{pk}", place.size.slug,
                 place.production, json.dumps(plan), "Ben", state, at, at, at)
                for number, (place, kind, pk, label, plan, state, at) in known
            ),
        )  # fmt: skip
        fill(
            Step,
            ("operation", "position", "name", "label", "state", "started_at", "ended_at"),
            (
                (self.operation + number, position, name.lower(), name, "done", at, at)
                for number, (*_, at) in known
                for position, name in enumerate(_STEPS)
            ),
        )


def build_of(release: Made) -> str:
    """Vercel's id of the production build of a release."""
    return f"dpl_scale{release.pk}"


def _plan(place: Place, release: Made) -> dict[str, object]:
    return {
        "commit": release.sha,
        "build": build_of(release),
        "environment": place.production,
        "migrations": [],
        "flags": {},
        "executor": EXECUTOR,
        "watch_s": 900,
    }


def _checklist(at: datetime, *, is_clear: bool) -> dict[str, object]:
    items = [
        Item(label.lower(), label, Verdict("passed", "As it should be.", as_of=at))
        for label in _GATES
    ]
    if not is_clear:
        missing = Verdict("pending", "1 of 1 approval is missing.", way="Ben may approve.")
        items[-1] = Item("approvals", _GATES[-1], missing)
    return Checklist(tuple(items), at).as_json()
