"""A draft that may be cut, at a sandbox that publishes what is cut."""

import hashlib
import time
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from agentmesh_release.core import operations
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.models import Operation, Poll, User
from releases.drafting import cutting
from releases.evidence import builds, checks, migrations, trunk
from releases.models import Artifact, Project, Publication, Release
from releases.publication import publishing
from tests.faults.journey import hasten
from tests.sandbox.running import Running, eventually

OURS = {
    "ref_created": "tag",
    "release_created": "release",
    "release_updated": "update",
    "release_deleted": "no release",
    "asset_uploaded": "file",
    "asset_broken_off": "broken file",
    "asset_deleted": "no file",
}
TURNS = 60


@dataclass
class Press:
    """One project whose head may be cut, by Ada; what a worker does, and what GitHub shows."""

    sandbox: Running
    project: Project
    ada: User

    def read(self) -> None:
        """All that validation asks for, as the polls read it."""
        now, project = timezone.now(), self.project
        builds.read(project, now)
        migrations.read(project, project.trunk_sha, now)
        eventually(lambda: checks.read(project, project.trunk_sha, now).outcome == "passed")
        Poll.objects.filter(kind="github", scope=project.slug).update(last_ok_at=now)

    def land(self, message: str) -> None:
        """One more commit on trunk, read like the first."""
        self.sandbox.act("commits", project=self.project.slug, message=message)
        trunk.read(self.project, timezone.now())
        self.project = Project.objects.get(pk=self.project.pk)
        eventually(self._is_built)
        self.read()

    def _is_built(self) -> bool:
        builds.read(self.project, timezone.now())
        built = self.project.deployments.filter(sha=self.project.trunk_sha, state="READY")
        return built.exists()

    def cut(self, bump: str = "auto") -> Release:
        return cutting.cut(
            self.project,
            by=self.by,
            head_sha=self.project.trunk_sha,
            bump=bump,
            reason="due",
            now=timezone.now(),
        )

    def attach(self, name: str, body: bytes, kind: str = "file") -> Artifact:
        return Artifact.objects.create(
            project=self.project,
            commit_sha=self.project.trunk_sha,
            kind=kind,
            name=name,
            media_type="application/json",
            body=body,
            size=len(body),
            digest=hashlib.sha256(body).hexdigest(),
            sent_by="Robo",
        )

    @property
    def by(self) -> Actor:
        return Actor.person(self.ada)

    # What workers do

    def operation(self, release: Release) -> Operation:
        operation = Publication.objects.get(release=release).operation
        assert operation is not None
        return operation

    def work(self, release: Release, pause_s: float = 0) -> Operation:
        """Run its operation to the end, without waiting for what only takes time; after an attempt
        that could not tell with a pause."""
        operation = self.operation(release)
        for _ in range(TURNS):
            if not operation.is_active:
                release.refresh_from_db()
                return operation
            hasten(operation)
            operations.run(operation.pk)
            operation.refresh_from_db()
            if pause_s and operation.attempts:
                time.sleep(pause_s)
        raise AssertionError(f"{operation} does not end: {told(operation)}")

    def again(self, release: Release) -> Operation:
        """Ada tries again."""
        publishing.publish(Release.objects.get(pk=release.pk), by=self.by)
        return self.work(release)

    # What is so at GitHub

    def fault(self, kind: str, **more: object) -> None:
        self.sandbox.act("faults", provider="github", kind=kind, **more)

    def heal(self) -> None:
        self.sandbox.act("faults/clear")

    def ask(self, method: str, path: str, body: object = None) -> Any:
        answer = self.sandbox.ask(method, f"/github/repos/{self.project.repository}{path}", body)
        assert answer.status in (200, 201, 204), answer
        return answer.body

    def shown(self) -> list[Any]:
        """GitHub's releases of the project, drafts too."""
        found: list[Any] = self.ask("GET", "/releases")
        return found

    def acts(self) -> list[str]:
        """What was done at GitHub, in order."""
        events = self.sandbox.journal(vendor="github", project=self.project.slug)
        return [OURS[each["kind"]] for each in events if each["kind"] in OURS]


def told(operation: Operation) -> dict[str, str]:
    steps = operation.steps.order_by("position")
    return {step.name: f"{step.state} {step.detail}".strip() for step in steps}
