"""Deployments: what was built, from which commit, and how far it got."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.fields import Fields

BUILDING = frozenset({"QUEUED", "INITIALIZING", "BUILDING"})
ENDED = frozenset({"READY", "ERROR", "CANCELED", "BLOCKED", "DELETED"})


@dataclass(frozen=True)
class Deployment:
    """One build at Vercel.

    `substate` (when READY): STAGED never had production traffic, ROLLING is being shifted to,
    PROMOTED has had production traffic, which does not mean that it has it now. READY is not
    aliased: `alias_assigned` says that, `alias_error` why not. `target` None is a preview.
    `rollback_candidate` is told only by lists that ask for it.
    """

    id: str
    name: str
    url: str
    state: str
    substate: str | None
    target: str | None
    sha: str | None
    branch: str | None
    message: str | None
    created_at: datetime
    ready_at: datetime | None
    alias_assigned: bool
    alias_error: str | None
    rollback_candidate: bool | None
    checks_conclusion: str | None
    error: str | None
    inspector_url: str | None
    aliases: tuple[str, ...]
    meta: Mapping[str, str]

    @property
    def is_building(self) -> bool:
        """Still on its way to READY."""
        return self.state in BUILDING

    @property
    def is_ready(self) -> bool:
        """Built, and able to take traffic."""
        return self.state == "READY"

    @property
    def is_ended(self) -> bool:
        """In a state that will not change by itself; a word that is not known is not an end."""
        return self.state in ENDED

    @classmethod
    def read(cls, fields: Fields) -> Deployment:
        """Read a deployment: from a list (id under `uid`, creation also under `created`), by
        itself, or as a project's target."""
        source = fields.part("gitSource")
        meta = {k: v for k, v in fields.part("meta").data.items() if isinstance(v, str)}
        return cls(
            id=fields.maybe_text("uid") or fields.text("id"),
            name=fields.text("name"),
            url=fields.maybe_text("url") or "",
            state=fields.maybe_text("readyState") or fields.text("state"),
            substate=fields.maybe_text("readySubstate"),
            target=fields.maybe_text("target"),
            sha=meta.get("githubCommitSha") or source.maybe_text("sha"),
            branch=meta.get("githubCommitRef") or source.maybe_text("ref"),
            message=meta.get("githubCommitMessage"),
            created_at=fields.maybe_ms("createdAt") or fields.ms("created"),
            ready_at=fields.maybe_ms("ready") or fields.maybe_ms("readyAt"),
            alias_assigned=_assigned(fields.data.get("aliasAssigned")),
            alias_error=_error(fields.maybe_part("aliasError")),
            rollback_candidate=fields.maybe_flag("isRollbackCandidate"),
            checks_conclusion=fields.maybe_text("checksConclusion"),
            error=fields.maybe_text("errorMessage") or fields.maybe_text("errorCode"),
            inspector_url=fields.maybe_text("inspectorUrl"),
            aliases=fields.texts("alias"),
            meta=meta,
        )


def _assigned(value: object) -> bool:
    """True, or the moment in milliseconds at which the aliases were assigned."""
    is_moment = isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0
    return value is True or is_moment


def _error(error: Fields | None) -> str | None:
    if error is None:
        return None
    return error.maybe_text("message") or error.maybe_text("code") or "unknown alias error"


@dataclass(frozen=True)
class BuildEvent:
    """A line of a build's log; `kind` stdout, stderr, command, exit, … ; `level` error, warning."""

    at: datetime | None
    kind: str
    level: str | None
    text: str

    @classmethod
    def read(cls, fields: Fields) -> BuildEvent:
        """Read an event in its older form (text inside `payload`) or its newer one."""
        payload = fields.part("payload")
        return cls(
            at=fields.maybe_ms("created") or fields.maybe_ms("date"),
            kind=fields.maybe_text("type") or "unknown",
            level=fields.maybe_text("level"),
            text=fields.maybe_text("text") or payload.maybe_text("text") or "",
        )
