"""Moving the production domain at Vercel: look, act, confirm.

A promote or rollback that Vercel accepted is a job, not a fact (FACTS 2.3, 2.4): the step looks
for its own job first, acts only when there is none, and is done when the domain shows the build.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from agentmesh_release.core.operations import Done, Failed, Outcome, StepContext, Wait
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import AliasJob, Project, Vercel

from ..models.environment import Environment

Kind = Literal["promote", "rollback"]

LOOK_AGAIN = timedelta(seconds=1)
# That often a step looks whether the domain has moved, a second apart, before it gives up.
LOOKS = 300
# A rollback that was carried out, and undone before it was seen, is asked for again.
OVER = (AliasJob.SUCCEEDED, AliasJob.SKIPPED)


@dataclass(frozen=True)
class Seen:
    """What Vercel shows: the build that the domain points at, and the last request to move it."""

    build: str
    project: Project

    @property
    def is_busy(self) -> bool:
        """Whether a job of Vercel's is about to move the domain."""
        last = self.project.last_alias_request
        return last is not None and last.status in ("pending", "in-progress")

    def shows(self, build: str) -> bool:
        """Whether the domain shows it, and stays there by what is known."""
        return self.build == build and not self.is_busy


@dataclass(frozen=True)
class AliasMove:
    """One move of an environment's domain to one build."""

    context: StepContext
    environment: Environment
    client: Vercel
    kind: Kind
    build: str

    def advance(self) -> Outcome:
        """Look how far it is, and act if nobody has."""
        seen = self.look()
        if seen.shows(self.build):
            return self._done()
        if outcome := self._still_moving(seen):
            return outcome
        job = self._job(seen)
        if job is AliasJob.FAILED:
            return Failed(self._why_failed())
        if job is AliasJob.NONE or (job in OVER and self.kind == "rollback"):
            return self._act(seen)
        return Wait(LOOK_AGAIN, "Vercel is moving the domain.")

    def confirm(self) -> Outcome:
        """Look without acting: Failed when the domain shows something else."""
        seen = self.look()
        if seen.shows(self.build):
            return self._done()
        return self._still_moving(seen) or Failed(self._elsewhere(seen))

    def look(self) -> Seen:
        """Read the last request, then the domain: a request that was over has had its effect."""
        project = self.client.project(self._vercel_project)
        try:
            alias = self.client.alias(self.environment.domain, self._vercel_project)
        except ProviderError as error:
            if error.status == 404:
                return Seen("", project)
            raise
        return Seen(alias.deployment_id or "", project)

    def _done(self) -> Done:
        return Done(f"{self.environment.domain} shows {self.build}", self.build)

    def _still_moving(self, seen: Seen) -> Outcome | None:
        """Wait while Vercel is at it; give up after many looks."""
        looks = self.context.data.get("looks", 0) + 1
        self.context.keep(looks=looks)
        if looks > LOOKS:
            return Failed(f"Vercel has not moved {self.environment.domain} in {LOOKS} looks.")
        return Wait(LOOK_AGAIN, "Vercel is moving the domain.") if seen.is_busy else None

    def _job(self, seen: Seen) -> AliasJob:
        """How our own request went, if Vercel has taken one."""
        since = self.context.data.get("asked_since")
        if since is None:
            return AliasJob.NONE
        return seen.project.alias_job(self.kind, self.build, since=datetime.fromisoformat(since))

    def _act(self, seen: Seen) -> Outcome:
        """Ask Vercel, once; an answer that got lost is looked for, not asked for again."""
        if self.kind == "promote" and self._was_overtaken(seen):
            return Failed(self._elsewhere(seen))
        self.context.keep(asked_since=_after(seen).isoformat())
        try:
            with self.context.acting():
                self._ask()
        except ProviderError as error:
            if error.status == 409:
                return Wait(LOOK_AGAIN, "Vercel is still busy with an earlier move.")
            raise
        self.context.note(f"Vercel: {self.kind} {self.build}")
        return Wait(LOOK_AGAIN, "Vercel has accepted it.")

    def _was_overtaken(self, seen: Seen) -> bool:
        """Whether somebody else asked Vercel for something after we had: they know better."""
        since = self.context.data.get("asked_since")
        last = seen.project.last_alias_request
        return bool(since and last and last.requested_at >= datetime.fromisoformat(since))

    def _ask(self) -> None:
        if self.kind == "promote":
            self.client.promote(self._vercel_project, self.build)
        else:
            reason = self.context.operation.reason
            self.client.rollback(self._vercel_project, self.build, description=reason[:250])

    def _why_failed(self) -> str:
        failed = self.client.failed_aliases(self._vercel_project, self.kind)
        hosts = ", ".join(alias.host for alias in failed) or self.environment.domain
        return f"Vercel could not move {hosts} to {self.build}."

    def _elsewhere(self, seen: Seen) -> str:
        return f"{self.environment.domain} shows {seen.build or 'nothing'}, not {self.build}."

    @property
    def _vercel_project(self) -> str:
        return self.environment.project.vercel_project_id


def _after(seen: Seen) -> datetime:
    """From when on, by Vercel's clock, a request is newer than the last one that was seen."""
    last = seen.project.last_alias_request
    if last is None:
        return datetime.fromtimestamp(0, UTC)
    return last.requested_at + timedelta(milliseconds=1)
