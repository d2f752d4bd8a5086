"""Projects, what is live in them, and how the last promote or rollback went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.vercel.deployments import Deployment

Kind = Literal["promote", "rollback"]


class AliasJob(StrEnum):
    """Where the asked-for move of the production domains stands. `none`: Vercel does not speak of
    our request, so it was not taken or another one came after it. `unknown`: a word that did not
    exist when this was written."""

    NONE = "none"
    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    SKIPPED = "skipped"
    UNKNOWN = "unknown"


_JOB_STATUS = {
    "pending": AliasJob.PENDING,
    "in-progress": AliasJob.PENDING,
    "succeeded": AliasJob.SUCCEEDED,
    "failed": AliasJob.FAILED,
    "skipped": AliasJob.SKIPPED,
}


@dataclass(frozen=True)
class AliasRequest:
    """The last promote or rollback of a project, whoever asked for it."""

    kind: str
    to_deployment_id: str
    from_deployment_id: str | None
    status: str
    requested_at: datetime


@dataclass(frozen=True)
class Project:
    """A project. `production` is what its production target points at. `read_at` is a moment on
    Vercel's clock not later than this reading: keep it before acting, and pass it to `alias_job`.
    """

    id: str
    name: str
    auto_assign_custom_domains: bool | None
    production: Deployment | None
    last_alias_request: AliasRequest | None
    rollback_description: str | None
    repository: str | None
    production_branch: str | None
    framework: str | None
    node_version: str | None
    read_at: datetime

    def alias_job(self, kind: Kind, deployment_id: str, since: datetime) -> AliasJob:
        """How the request of this kind, to this deployment, made at or after `since`, went.

        The field is shared by promote and rollback and keeps its last value, so all three must
        match (V-SDK GetProjectLastAliasRequest; Vercel's CLI polls the same field).
        """
        last = self.last_alias_request
        if last is None or (last.kind, last.to_deployment_id) != (kind, deployment_id):
            return AliasJob.NONE
        if last.requested_at < since:
            return AliasJob.NONE
        return _JOB_STATUS.get(last.status, AliasJob.UNKNOWN)

    @classmethod
    def read(cls, fields: Fields, read_at: datetime) -> Project:
        """Read a project; `lastRollbackTarget` is opaque and left alone."""
        production = fields.part("targets").maybe_part("production")
        request, link = fields.maybe_part("lastAliasRequest"), fields.part("link")
        owner, repo = link.maybe_text("org"), link.maybe_text("repo")
        return cls(
            id=fields.text("id"),
            name=fields.text("name"),
            auto_assign_custom_domains=fields.maybe_flag("autoAssignCustomDomains"),
            production=None if production is None else Deployment.read(production),
            last_alias_request=None if request is None else _alias_request(request),
            rollback_description=fields.part("rollbackDescription").maybe_text("description"),
            repository=f"{owner}/{repo}" if owner and repo else None,
            production_branch=link.maybe_text("productionBranch"),
            framework=fields.maybe_text("framework"),
            node_version=fields.maybe_text("nodeVersion"),
            read_at=read_at,
        )


def _alias_request(fields: Fields) -> AliasRequest:
    return AliasRequest(
        kind=fields.text("type"),
        to_deployment_id=fields.text("toDeploymentId"),
        from_deployment_id=fields.maybe_text("fromDeploymentId"),
        status=fields.text("jobStatus"),
        requested_at=fields.ms("requestedAt"),
    )


@dataclass(frozen=True)
class Variable:
    """The name of an environment variable and where it is set; its value is never read.

    `targets` are production, preview, development, or ids of environments of the project's own.
    """

    name: str
    targets: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Variable:
        """Read a variable; `target` is a list or a single word."""
        target = fields.maybe_text("target")
        listed = (target,) if target else fields.texts("target")
        return cls(fields.text("key"), (*listed, *fields.texts("customEnvironmentIds")))


@dataclass(frozen=True)
class Accepted:
    """A promote or rollback was taken, which is not done: ask `Project.alias_job`. `queued` means
    that it waits for a running rolling release. `asked_at` is on Vercel's clock."""

    kind: Kind
    deployment_id: str
    queued: bool
    asked_at: datetime


@dataclass(frozen=True)
class Alias:
    """A host and the deployment that answers it now: the proof that something is live."""

    host: str
    deployment_id: str | None
    project_id: str | None
    redirect: str | None
    updated_at: datetime | None

    @classmethod
    def read(cls, fields: Fields) -> Alias:
        """Read an alias."""
        return cls(
            host=fields.text("alias"),
            deployment_id=fields.maybe_text("deploymentId"),
            project_id=fields.maybe_text("projectId"),
            redirect=fields.maybe_text("redirect"),
            updated_at=fields.maybe_ms("updatedAt"),
        )


@dataclass(frozen=True)
class Domain:
    """A production domain of a project; one that is not verified cannot be given to a build.
    `redirect` is where it sends its visitors instead, if it does."""

    name: str
    verified: bool
    redirect: str | None

    @classmethod
    def read(cls, fields: Fields) -> Domain:
        """Read an item of a project's domains."""
        return cls(fields.text("name"), fields.flag("verified"), fields.maybe_text("redirect"))


@dataclass(frozen=True)
class Token:
    """The token that asks; `scopes` are what it reaches: user, team."""

    name: str
    expires_at: datetime | None
    scopes: tuple[str, ...]

    @classmethod
    def read(cls, fields: Fields) -> Token:
        """Read a token's metadata."""
        scopes = fields.parts("scopes") if "scopes" in fields.data else []
        kinds = tuple(dict.fromkeys(scope.maybe_text("type") or "" for scope in scopes))
        return cls(fields.maybe_text("name") or "", fields.maybe_ms("expiresAt"), kinds)


@dataclass(frozen=True)
class FailedAlias:
    """A host that a promote or rollback could not move."""

    host: str
    id: str
    status: str

    @classmethod
    def read(cls, fields: Fields) -> FailedAlias:
        """Read an item of the promote or rollback aliases."""
        return cls(fields.text("alias"), fields.text("id"), fields.text("status"))
