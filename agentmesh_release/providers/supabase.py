"""Supabase's management API: how a project is, and whether it could be restored.

https://supabase.com/docs/reference/api/introduction
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.answers import Refusal, Vendor
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.budget import seconds_left_reset, shared_budget
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, at_epoch, many
from agentmesh_release.providers.http import Http, Timeouts

HEALTHY = "ACTIVE_HEALTHY"
# What an app needs to serve its users; `pooler` and `db` answer for the database.
SERVICES = ("db", "pooler", "auth", "rest")
_REF = re.compile(r"[a-z]{20}")


@dataclass(frozen=True)
class Project:
    """A project; `status` is Supabase's own word, `ACTIVE_HEALTHY` when all is well."""

    ref: str
    name: str
    status: str
    region: str
    postgres: str

    @property
    def is_healthy(self) -> bool:
        """Whether Supabase calls it active and healthy; a word that is new is not that."""
        return self.status == HEALTHY


@dataclass(frozen=True)
class Service:
    """One service of a project, and what is wrong with it."""

    name: str
    status: str
    error: str

    @property
    def is_healthy(self) -> bool:
        """Whether it is up."""
        return self.status == HEALTHY


@dataclass(frozen=True)
class Backups:
    """From when to when the database can be restored; None where there is nothing to go back to."""

    point_in_time: bool
    earliest: datetime | None
    latest: datetime | None
    count: int


def _explain(refusal: Refusal) -> str:
    """401, 403 and 429 are documented for every operation; an unknown project is 403 or 404."""
    meaning = {
        401: "the token is wrong, expired or revoked",
        403: "the token may not see that project, or lacks the permission",
        404: "there is no such project, or the token may not see it",
        429: "the rate limit of 120 calls a minute is used up",
    }.get(refusal.status)
    if meaning is None:
        return refusal.said
    return f"{meaning} ({refusal.said})" if refusal.said else meaning


class Supabase:
    """The management API, read-only. Thread-safe; raises ProviderError only."""

    def __init__(self, base_url: str, token: str, *, timeouts: Timeouts | None = None) -> None:
        token = token.strip()  # files end with a line break
        self._http = Http(
            Vendor("Supabase", _explain, allowance=seconds_left_reset),
            base_url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                "User-Agent": "AgentMesh-Release",
            },
            secret=token,
            timeouts=timeouts,
            # 120 calls a minute: what is read leaves a few for whoever acts.
            budget=shared_budget(base_url, token),
        )

    def __repr__(self) -> str:
        return f"<Supabase {self._http.base_url}>"

    def project(self, ref: str) -> Project:
        """One project. https://supabase.com/docs/reference/api/v1-get-project"""
        fields = Fields.of(self._http.get(_at(ref)).data, "Supabase's project")
        return Project(
            ref=ref,
            name=fields.text("name"),
            status=fields.text("status"),
            region=fields.maybe_text("region") or "",
            postgres=fields.part("database").maybe_text("version") or "",
        )

    def health(self, ref: str) -> tuple[Service, ...]:
        """The services that an app needs.

        https://supabase.com/docs/reference/api/v1-get-services-health
        """
        query = "&".join(f"services={name}" for name in SERVICES)  # an array is repeated
        answer = self._http.ask(Ask("GET", f"{_at(ref)}/health?{query}"))
        return tuple(
            Service(each.text("name"), each.text("status"), each.maybe_text("error") or "")
            for each in many(answer.data, "Supabase's health")
        )

    def backups(self, ref: str) -> Backups:
        """What there is to go back to. https://supabase.com/docs/reference/api/v1-list-all-backups"""
        answer = self._http.get(f"{_at(ref)}/database/backups")
        fields = Fields.of(answer.data, "Supabase's backups")
        span = fields.part("physical_backup_data")
        first = span.maybe_number("earliest_physical_backup_date_unix")
        last = span.maybe_number("latest_physical_backup_date_unix")
        kept = fields.parts("backups") if "backups" in fields.data else []
        return Backups(
            point_in_time=fields.flag("pitr_enabled"),
            earliest=None if first is None else at_epoch(first),
            latest=None if last is None else at_epoch(last),
            count=sum(each.maybe_text("status") == "COMPLETED" for each in kept),
        )


def _at(ref: str) -> str:
    if not _REF.fullmatch(ref):
        raise ProviderError(
            f"“{ref[:40]}” is not a Supabase project ref: 20 lower-case letters.", permanent=True
        )
    return f"/v1/projects/{ref}"
