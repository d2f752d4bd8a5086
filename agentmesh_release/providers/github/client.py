"""The GitHub client: one object per token, its nouns as attributes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.budget import Budget
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, at_epoch
from agentmesh_release.providers.github.alerts import Alerts
from agentmesh_release.providers.github.assets import Assets, uploads_base
from agentmesh_release.providers.github.checks import ChecksOfCommits
from agentmesh_release.providers.github.commits import Commits
from agentmesh_release.providers.github.connection import connect
from agentmesh_release.providers.github.contents import Contents
from agentmesh_release.providers.github.protection import Protections
from agentmesh_release.providers.github.pulls import Pulls
from agentmesh_release.providers.github.releases import Releases
from agentmesh_release.providers.github.repositories import Repositories
from agentmesh_release.providers.github.tags import Tags
from agentmesh_release.providers.http import Timeouts


@dataclass(frozen=True)
class RateLimit:
    """The token's hour: how many calls it has, has left and has used, and when it starts anew."""

    limit: int
    remaining: int
    used: int
    reset_at: datetime


class GitHub:
    """GitHub's REST API, version 2022-11-28. Thread-safe; keep one per token, since the ETags
    that make polling free live in it. Repositories are named "owner/name" everywhere.

    Every method raises ProviderError and nothing else. Lists without a bound are lazy iterators
    that ask for a page when it is reached, so they may raise midway: collect, then write.
    """

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeouts: Timeouts | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._http = connect(base_url, token, timeouts, budget)
        self.repositories = Repositories(self._http)
        self.commits = Commits(self._http)
        self.contents = Contents(self._http)
        self.pulls = Pulls(self._http)
        self.checks = ChecksOfCommits(self._http)
        self.tags = Tags(self._http)
        self.releases = Releases(self._http)
        uploads = connect(uploads_base(base_url), token, timeouts, self._http.budget)
        self.assets = Assets(self._http, uploads)
        self.protection = Protections(self._http)
        self.alerts = Alerts(self._http)

    def __repr__(self) -> str:
        return f"<GitHub {self._http.base_url}>"

    def rate_limit(self) -> RateLimit:
        """What the token has left; asking costs nothing of it. `resources.core` is read because
        newer API versions drop the top-level `rate`.

        https://docs.github.com/en/rest/rate-limit/rate-limit
        """
        answer = self._http.get("/rate_limit")
        core = Fields.of(answer.data, "GitHub's rate limit").part("resources").part("core")
        reset_at = at_epoch(core.whole("reset"))
        if reset_at is None:
            raise ProviderError("GitHub's rate limit has an impossible reset.")
        return RateLimit(
            limit=core.whole("limit"),
            remaining=core.whole("remaining"),
            used=core.whole("used"),
            reset_at=reset_at,
        )
