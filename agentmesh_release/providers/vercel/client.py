"""The Vercel client. Every operation has a version of its own in its path."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.http import Timeouts
from agentmesh_release.providers.vercel.connection import Team, step
from agentmesh_release.providers.vercel.deployments import BuildEvent, Deployment
from agentmesh_release.providers.vercel.projects import (
    Accepted,
    Alias,
    Domain,
    FailedAlias,
    Kind,
    Project,
    Token,
    Variable,
)
from agentmesh_release.providers.vercel.rolling import RollingRelease

LONGEST_DESCRIPTION = 250


class Vercel:
    """Vercel's REST API for one team. Thread-safe. Every method raises ProviderError only.

    Writes are never repeated by the client. A 409 is not permanent: read the project again and
    decide by what is there. A write that got no answer is `unsettled`: the same.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        team_id: str | None = None,
        *,
        timeouts: Timeouts | None = None,
    ) -> None:
        self._team = Team(base_url, token, team_id, timeouts)

    def __repr__(self) -> str:
        return f"<Vercel {self._team.base_url}>"

    def project(self, id_or_name: str) -> Project:
        """A project with its production target and last alias request.

        https://vercel.com/docs/rest-api/projects/find-a-project-by-id-or-name
        """
        answer = self._team.get(f"/v9/projects/{step(id_or_name)}")
        return Project.read(Fields.of(answer.data, "Vercel's project"), answer.asked_at)

    def variables(self, project_id: str) -> tuple[Variable, ...]:
        """The names of a project's environment variables; values stay where they are (no decrypt).
        A list that Vercel does not show whole is a permanent error.

        https://vercel.com/docs/rest-api/projects/retrieve-the-environment-variables-of-a-project-by-id-or-name
        """
        answer = self._team.get(f"/v10/projects/{step(project_id)}/env")
        found = Fields.of(answer.data, "Vercel's list of variables")
        if found.maybe_whole("hiddenProductionEnvCount") or found.part("pagination").data.get(
            "next"
        ):
            raise ProviderError("Vercel shows this token only part of the variables.", True)
        return tuple(map(Variable.read, found.parts("envs")))

    def deployments(
        self,
        project_id: str,
        *,
        target: str | None = None,
        sha: str | None = None,
        branch: str | None = None,
        state: str | None = None,
        meta: Mapping[str, str] | None = None,
        rollback_candidate: bool | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        page_size: int = 20,
    ) -> Iterator[Deployment]:
        """Deployments, newest first, a page at a time; `next` of a page is the `until` of the
        following one, in milliseconds. `meta` filters as `vercel ls --meta key=value` does.

        https://vercel.com/docs/rest-api/deployments/list-deployments
        """
        filters = {f"meta-{key}": value for key, value in (meta or {}).items()}
        cursor = _ms(until)
        while True:
            answer = self._team.get(
                "/v7/deployments",
                projectId=project_id,
                target=target,
                sha=sha,
                branch=branch,
                state=state,
                rollbackCandidate=rollback_candidate,
                since=_ms(since),
                until=cursor,
                limit=page_size,
                **filters,
            )
            page = Fields.of(answer.data, "Vercel's list of deployments")
            yield from map(Deployment.read, page.parts("deployments"))
            following = page.part("pagination").maybe_whole("next")
            if following is None:
                return
            if cursor is not None and following >= cursor:
                raise ProviderError("Vercel's pages of deployments do not move on.")
            cursor = following

    def deployment(self, id_or_url: str) -> Deployment:
        """One deployment. https://vercel.com/docs/rest-api/deployments/get-a-deployment-by-id-or-url"""
        answer = self._team.get(f"/v13/deployments/{step(id_or_url)}", withGitRepoInfo="true")
        return Deployment.read(Fields.of(answer.data, "Vercel's deployment"))

    def promote(self, project_id: str, deployment_id: str) -> Accepted:
        """Ask to point the production domains at an existing production build, without building.

        201 accepted, 202 queued behind a rolling release; neither is done.
        https://vercel.com/docs/rest-api/projects/points-all-production-domains-for-a-project-to-the-given-deploy
        """
        path = f"/v10/projects/{step(project_id)}/promote/{step(deployment_id)}"
        answer = self._team.send("POST", path, expect=frozenset({201, 202}))
        return Accepted("promote", deployment_id, answer.status == 202, answer.asked_at)

    def rollback(self, project_id: str, deployment_id: str, description: str = "") -> Accepted:
        """Ask to go back TO a deployment. It also switches the automatic assignment of production
        domains off, until the next promote. `description` is cut at 250 characters.

        https://vercel.com/docs/instant-rollback
        """
        path = f"/v1/projects/{step(project_id)}/rollback/{step(deployment_id)}"
        said = description[:LONGEST_DESCRIPTION] or None
        answer = self._team.send("POST", path, expect=frozenset({201}), description=said)
        return Accepted("rollback", deployment_id, False, answer.asked_at)

    def assign_domains_by_itself(self, project_id: str, on: bool) -> None:
        """Whether Vercel gives each finished production build the production domains by itself.

        https://vercel.com/docs/rest-api/projects/update-an-existing-project
        """
        path = f"/v9/projects/{step(project_id)}"
        body = {"autoAssignCustomDomains": on}
        self._team.send("PATCH", path, expect=frozenset({200}), body=body)

    def alias(self, host: str, project_id: str | None = None) -> Alias:
        """What a host points at. https://vercel.com/docs/rest-api/aliases/get-an-alias"""
        answer = self._team.get(f"/v4/aliases/{step(host)}", projectId=project_id)
        return Alias.read(Fields.of(answer.data, "Vercel's alias"))

    def domains(self, project_id: str) -> tuple[Domain, ...]:
        """The production domains of a project, at most a hundred.

        https://vercel.com/docs/rest-api/projects/retrieve-project-domains-by-project-by-id-or-name
        """
        path = f"/v9/projects/{step(project_id)}/domains"
        answer = self._team.get(path, production="true", limit=100)
        page = Fields.of(answer.data, "Vercel's list of domains")
        return tuple(map(Domain.read, page.parts("domains")))

    def token(self) -> Token | None:
        """What Vercel says of the token itself; None where it does not tell (a token of a project
        may not ask). https://vercel.com/docs/rest-api/authentication/get-auth-token-metadata
        """
        try:
            answer = self._team.get("/v5/user/tokens/current")
        except ProviderError as error:
            if error.status in {403, 404}:
                return None
            raise
        fields = Fields.of(answer.data, "Vercel's token").part("token")
        return Token.read(fields) if fields.data else None

    def failed_aliases(self, project_id: str, kind: Kind) -> tuple[FailedAlias, ...]:
        """The hosts that the last promote or rollback could not move.

        https://vercel.com/docs/rest-api/projects/gets-a-list-of-aliases-with-status-for-the-current-promote;
        the one for rollbacks is what Vercel's CLI reads.
        """
        version = "v1" if kind == "promote" else "v9"
        path = f"/{version}/projects/{step(project_id)}/{kind}/aliases"
        answer = self._team.get(path, failedOnly=True, limit=100)
        items = Fields.of(answer.data, "Vercel's list of aliases").data.get("aliases", [])
        return tuple(map(FailedAlias.read, many(items, "Vercel's list of aliases")))

    def rolling_release(self, project_id: str) -> RollingRelease | None:
        """The project's rolling release, or None when nothing was rolled out yet. ProviderError 404
        where the project has no rolling releases (or is not there).

        https://vercel.com/docs/rest-api/rolling-release/get-the-active-rolling-release-information-for-a-project
        """
        answer = self._team.get(f"/v1/projects/{step(project_id)}/rolling-release")
        fields = Fields.of(answer.data, "Vercel's rolling release").maybe_part("rollingRelease")
        return None if fields is None else RollingRelease.read(fields)

    def build_events(self, deployment_id: str, limit: int = 200) -> tuple[BuildEvent, ...]:
        """The newest lines of a build's log, oldest first; never followed, so it ends.

        https://vercel.com/docs/rest-api/deployments/get-deployment-events
        """
        path = f"/v3/deployments/{step(deployment_id)}/events"
        answer = self._team.get(path, limit=limit, direction="backward", follow=0)
        events = map(BuildEvent.read, many(answer.data, "Vercel's build log"))
        moment = datetime.min.replace(tzinfo=UTC)
        return tuple(sorted(events, key=lambda event: event.at or moment))

    def cancel(self, deployment_id: str) -> Deployment:
        """Stop a build. A build that has already ended is a permanent error (400).

        https://vercel.com/docs/rest-api/deployments/cancel-a-deployment
        """
        path = f"/v12/deployments/{step(deployment_id)}/cancel"
        answer = self._team.send("PATCH", path, expect=frozenset({200}), parse=True)
        return Deployment.read(Fields.of(answer.data, "Vercel's deployment"))


def _ms(moment: datetime | None) -> int | None:
    return None if moment is None else int(moment.timestamp() * 1000)
