"""The project of the releases' tests, with one of everything that a page can show."""

from collections.abc import Mapping
from typing import Any

import pytest
from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import User
from flags import switches
from incidents.models import Component, Incident
from releases.drafting import drafts
from releases.metrics import deliveries
from releases.models import (
    Activation,
    Artifact,
    BuildLog,
    Commit,
    Deployment,
    Dossier,
    KnownIssue,
    PublicChangelog,
    PullRequest,
    ReleasePull,
    Rollback,
    SecurityReading,
)
from releases.production import going_live
from tests.releases.conftest import NEW_SHA, Api, api, execute

__all__ = ["api"]


@pytest.fixture
def full_house(api: Api, ada: User, ben: User, cleo: User) -> Mapping[str, Any]:
    """Values for the parts of every address, so that each of them answers."""
    now = timezone.now()
    switches.ensure()
    PublicChangelog.objects.create(project=api.project, changed_at=now)
    _commits(api)
    drafts.recompute(api.project, now)
    promotion = api.approved(ada, ben)
    execute(promotion, ben)
    _live(api)
    deliveries.refresh(api.project)
    rollback = Rollback.start(
        api.old, api.production, by=Actor.person(cleo), reason="errors", now=now
    )
    component = Component.objects.create(name="API", project=api.project)
    incident = Incident.declare(
        title="Errors", severity="sev1", components=[component], text="We look.",
        by=Actor.person(cleo),
    )  # fmt: skip
    return {
        "pk": promotion.pk,
        "rollback": rollback.pk,
        "number": incident.number,
        "issue": _evidence(api, ada),
    }


def _evidence(api: Api, ada: User) -> int:
    """What is kept of the release besides; answers the id of its known issue."""
    now = timezone.now()
    Dossier.ask(api.new, by=Actor.person(ada), now=now)
    ReleasePull.objects.bulk_create(
        ReleasePull(release=api.new, number=n, title=f"feat: {n}", approved_by=["ben"], read_at=now)
        for n in range(1, 70)
    )
    build = Deployment.objects.get(vercel_id="dpl_1.1.0")
    BuildLog.objects.create(deployment=build, text="done", read_at=now)
    SecurityReading.objects.create(
        project=api.project, source="dependabot", why="It is off.", read_at=now
    )
    Artifact.objects.create(
        project=api.project, commit_sha=NEW_SHA, kind="bundle", name="bundle.json", body=b"{}",
        media_type="application/json", digest="0" * 64, size=2, sent_by="Robo",
        figures={"bundle_bytes": 412_000},
    )  # fmt: skip
    issue = KnownIssue.add(
        api.new, title="Slow", severity="low", description="", url="", by=Actor.person(ada), now=now
    )
    return issue.pk


def _live(api: Api) -> None:
    with operations.environment_lock(api.production.key):
        going_live.record(
            api.production,
            vercel_id="dpl_1.1.0",
            sha=NEW_SHA,
            origin=Activation.Origin.PROMOTION,
            by="Ben",
            now=timezone.now(),
        )


def _commits(api: Api) -> None:
    Commit.objects.bulk_create(
        Commit(
            project=api.project,
            sha=f"{n:040x}",
            position=n,
            author_name="Ada",
            committed_at=timezone.now(),
            message=f"feat: thing {n}",
            subject=f"feat: thing {n}",
            type="feat",
        )
        for n in range(1, 70)
    )
    PullRequest.objects.bulk_create(
        PullRequest(
            project=api.project,
            number=n,
            title=f"feat: pull {n}",
            state="open",
            head_sha=f"{n + 1000:040x}",
            url="https://github.com/demo/api/pull/1",
            created_at=timezone.now(),
            read_at=timezone.now(),
        )
        for n in range(1, 4)
    )
