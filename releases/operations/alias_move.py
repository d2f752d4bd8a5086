"""Moving the production domain at Vercel: look, act, confirm.

A promote or rollback that Vercel accepted is a job, not a fact (FACTS 2.3, 2.4): the step looks
for its own job first, acts only when there is none, and is done when the domain shows the build.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from agentmesh_release.core.operations import Done, Failed, Outcome, StepContext, Wait
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.vercel import Vercel

from ..models.environment import Environment

Kind = Literal["promote", "rollback"]

# How long one call to Vercel may take, s; the remaining lease must exceed it.
CALL_S = 10.0
LOOK_AGAIN = timedelta(seconds=1)
PATIENCE = timedelta(minutes=5)


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
        if self.shows_build():
            return Done("The build is in place", self.build)
        if self._too_long():
            return Failed(
                f"Vercel has not moved {self.environment.domain} within "
                f"{PATIENCE.seconds // 60}\N{NO-BREAK SPACE}min."
            )
        match self._job():
            case "none":
                return self._act()
            case "failed":
                return Failed(self._why_failed())
            case _:
                return Wait(LOOK_AGAIN, "Vercel is moving the domain.")

    def shows_build(self) -> bool:
        """Whether the domain shows the build now, and no job of Vercel's is about to move it."""
        alias = self.client.alias(self.environment.domain, self._vercel_project)
        return alias.deployment_id == self.build and not self._is_busy()

    def _is_busy(self) -> bool:
        request = self.client.project(self._vercel_project).last_alias_request
        return request is not None and request.status in ("pending", "in-progress")

    def _job(self) -> str:
        since = self.context.data.get("asked_since")
        if since is None:
            return "none"
        seen = self.client.project(self._vercel_project)
        return str(seen.alias_job(self.kind, self.build, since=datetime.fromisoformat(since)))

    def _act(self) -> Outcome:
        """Ask Vercel, once; an answer that got lost is looked for, not asked for again."""
        if self._is_busy():
            return Wait(LOOK_AGAIN, "Vercel is still busy with an earlier move.")
        seen = self.client.project(self._vercel_project)
        self.context.keep(
            asked_since=seen.read_at.isoformat(), asked_at=self.context.now().isoformat()
        )
        self.context.may_act(CALL_S)
        try:
            self._ask()
        except ProviderError as error:
            if error.unsettled or error.status == 409:
                return Wait(LOOK_AGAIN, "Vercel gave no clear answer; looking what it did.")
            raise
        self.context.note(f"Vercel: {self.kind} {self.build}")
        return Wait(LOOK_AGAIN, "Vercel has accepted it.")

    def _ask(self) -> None:
        if self.kind == "promote":
            self.client.promote(self._vercel_project, self.build)
        else:
            reason = self.context.operation.reason
            self.client.rollback(self._vercel_project, self.build, description=reason[:250])

    def _too_long(self) -> bool:
        asked_at = self.context.data.get("asked_at")
        return bool(asked_at and self.context.now() - datetime.fromisoformat(asked_at) > PATIENCE)

    def _why_failed(self) -> str:
        failed = self.client.failed_aliases(self._vercel_project, self.kind)
        hosts = ", ".join(alias.host for alias in failed) or self.environment.domain
        return f"Vercel could not move {hosts} to {self.build}."

    @property
    def _vercel_project(self) -> str:
        return self.environment.project.vercel_project_id
