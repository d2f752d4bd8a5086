"""A project called api with a cut release, whose evidence the test may change."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from django.utils import timezone
from semver import Version

from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from incidents.models import Slo
from incidents.objectives import OBJECTIVES
from releases.conventional.versions import precedence_key
from releases.models import (
    Activation,
    CheckSummary,
    Deployment,
    Environment,
    MigrationReading,
    Project,
    Promotion,
    Release,
)

OLD_SHA, NEW_SHA = "a" * 40, "b" * 40


@dataclass
class Api:
    """The project with its production, what is live, and what could be next."""

    project: Project
    production: Environment
    old: Release
    new: Release

    def build(self, release: Release, substate: str, vercel_id: str = "") -> Deployment:
        return Deployment.objects.create(
            project=self.project,
            vercel_id=vercel_id or f"dpl_{release.version}",
            target="production",
            sha=release.commit_sha,
            state="READY",
            substate=substate,
            created_at=timezone.now(),
            ready_at=timezone.now(),
            read_at=timezone.now(),
        )

    def ask(self, by: User) -> Promotion:
        return Promotion.ask(self.new, self.production, by=Actor.person(by), reason="launch")

    def approved(self, by: User, *others: User) -> Promotion:
        promotion = self.ask(by)
        for other in others:
            approve(promotion, other)
        return promotion

    def ci(self, outcome: str) -> None:
        CheckSummary.objects.filter(sha=NEW_SHA).update(outcome=outcome)


def approve(promotion: Promotion, by: User, comment: str = "") -> None:
    promotion.approve(
        by=Actor.person(by),
        plan_hash=promotion.plan_hash,
        comment=comment,
        now=timezone.now(),
    )


def execute(promotion: Promotion, by: User) -> None:
    promotion.execute(
        by=Actor.person(by),
        plan_hash=promotion.plan_hash,
        reason="launch",
        now=timezone.now(),
    )


def _release(project: Project, version: str, sha: str, now: datetime) -> Release:
    parsed = Version.parse(version)
    return Release.objects.create(
        project=project,
        version=version,
        precedence=precedence_key(parsed),
        tag=f"v{version}",
        commit_sha=sha,
        state="published",
        commit_count=3,
        released_at=now,
        cut_by="Ada",
    )


@pytest.fixture
def api(demo_world: None, ada: User) -> Api:
    now = timezone.now()
    project = Project.objects.create(
        slug="api",
        name="api",
        repository="demo/api",
        vercel_project_id="prj_api",
        prometheus_job="api",
        trunk_sha=NEW_SHA,
    )
    production = Environment.objects.create(
        project=project,
        kind="production",
        domain="api.example.com",
        assigns_by_itself=False,
        assignment_read_at=now,
    )
    old, new = (
        _release(project, version, sha, now)
        for version, sha in (("1.0.0", OLD_SHA), ("1.1.0", NEW_SHA))
    )
    made = Api(project, production, old, new)
    made.build(old, "PROMOTED")
    made.build(new, "STAGED")
    _good_evidence(project, now)
    Activation.objects.create(
        environment=production,
        release=old,
        vercel_id="dpl_1.0.0",
        sha=OLD_SHA,
        origin="found",
        by="system:import",
        since=now,
    )
    return made


def _good_evidence(project: Project, now: datetime) -> None:
    result = {"name": "tests", "outcome": "passed", "url": ""}
    CheckSummary.objects.create(
        project=project, sha=NEW_SHA, outcome="passed", results=[result], read_at=now
    )
    MigrationReading.objects.create(project=project, sha=NEW_SHA, read_at=now)
    for objective in OBJECTIVES:
        Slo.objects.create(
            project=project,
            key=objective.key,
            limit=objective.limit,
            value=1.0 if objective.at_least else 0.0,
            budget_left=0.8,
            read_at=now,
        )
