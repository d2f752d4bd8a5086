import time
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from agentmesh_release.core import models as core
from agentmesh_release.core.filling import reset_ids, without_indexes
from agentmesh_release.core.owning import analyse, as_owner
from agentmesh_release.core.world import world
from releases import models as releases
from releases.scale import SLUG, Plan
from releases.scale.delivery import fill_delivery
from releases.scale.log import fill_log
from releases.scale.production import course
from releases.scale.trunk import fill_commits, fill_projects, fill_pulls, fill_releases, places

from ... import models as incidents
from ...scale import fill_incidents

Answer = TypeVar("Answer")
# Those that get so many rows that their indexes are better built at the end.
LARGE = (releases.Commit, releases.PullRequest, core.AuditEvent)
FILLED = (
    *LARGE,
    releases.Project,
    releases.Environment,
    releases.Release,
    releases.Draft,
    releases.Activation,
    releases.Deployment,
    releases.CheckSummary,
    releases.MigrationReading,
    releases.Promotion,
    releases.Approval,
    releases.Rollback,
    releases.Hold,
    core.Operation,
    core.Step,
    incidents.Component,
    incidents.Slo,
    incidents.Incident,
    incidents.Entry,
)


class Command(BaseCommand):
    help = "Fill a demo world with very much made-up history, to see how pages stand it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--projects", type=int, default=200)
        parser.add_argument("--releases", type=int, default=10_000)
        parser.add_argument("--commits", type=int, default=1_000_000)
        parser.add_argument("--audit-events", type=int, default=0)
        parser.add_argument("--seed", type=int, default=1, help="the same seed, the same history")
        parser.add_argument("--beside", action="store_true", help="also where data is already")

    def handle(self, *args: Any, **options: Any) -> None:
        self._guard(options)
        plan = Plan(
            options["projects"],
            options["releases"],
            options["commits"],
            options["seed"],
            timezone.now(),
        )
        with as_owner(), transaction.atomic(), without_indexes(*LARGE):
            self._fill(plan, options["audit_events"])
        self._told("statistics", lambda: analyse(*FILLED))

    def _fill(self, plan: Plan, events: int) -> None:
        found = places(plan)
        self._told("projects", lambda: fill_projects(plan, found))
        self._told("commits", lambda: fill_commits(plan, found))
        self._told("pull requests", lambda: fill_pulls(plan, found))
        made = self._told("releases", lambda: fill_releases(plan, found))
        courses = [course(plan, place, own) for place, own in zip(found, made, strict=True)]
        self._told("production", lambda: fill_delivery(plan, courses))
        self._told("incidents", lambda: fill_incidents(plan, courses))
        if events:
            self._told(
                "audit events", lambda: fill_log(plan, events, list(zip(found, made, strict=True)))
            )
        reset_ids(*FILLED)

    def _told(self, what: str, act: Callable[[], Answer]) -> Answer:
        """Do it, and say how long it took."""
        started = time.monotonic()
        answer = act()
        self.stdout.write(f"{what}: {time.monotonic() - started:.1f} s")
        return answer

    def _guard(self, options: dict[str, Any]) -> None:
        present = world()
        if present is None:
            raise CommandError("There is no world yet: manage.py create_world --kind demo.")
        if not present.is_demo:
            raise CommandError(f"{present.name} is a real world; made-up history never goes there.")
        if releases.Project.objects.filter(slug__startswith=SLUG).exists():
            raise CommandError("It holds made-up history already; it can be filled once.")
        if releases.Project.objects.exists() and not options["beside"]:
            raise CommandError(
                "There are projects already. Use an empty database, or say --beside."
            )
        if min(options["projects"], options["releases"], options["commits"]) < 1:
            raise CommandError("At least one project, release and commit, please.")
