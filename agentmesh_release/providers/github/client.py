"""The GitHub client: one object per token, its nouns as attributes."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.budget import Budget, shared_budget
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.etags import EtagCache, Shelf
from agentmesh_release.providers.fields import Fields, at_epoch
from agentmesh_release.providers.github.alerts import Alerts
from agentmesh_release.providers.github.app import Installed
from agentmesh_release.providers.github.assets import Assets, uploads_base
from agentmesh_release.providers.github.checks import ChecksOfCommits
from agentmesh_release.providers.github.commits import Commits
from agentmesh_release.providers.github.connection import connect
from agentmesh_release.providers.github.contents import Contents
from agentmesh_release.providers.github.feedback import FeedbackOnCommits
from agentmesh_release.providers.github.hooks import Hooks
from agentmesh_release.providers.github.protection import Protections
from agentmesh_release.providers.github.pulls import Pulls
from agentmesh_release.providers.github.releases import Releases
from agentmesh_release.providers.github.repositories import Repositories
from agentmesh_release.providers.github.tags import Tags
from agentmesh_release.providers.http import Http, Timeouts


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
    `token` is a personal or other lasting one, or an App where it is `Installed`.

    Every method raises ProviderError and nothing else. Lists without a bound are lazy iterators
    that ask for a page when it is reached, so they may raise midway: collect, then write.
    """

    def __init__(
        self,
        base_url: str,
        token: str | Installed,
        *,
        timeouts: Timeouts | None = None,
        budget: Budget | None = None,
        shelf: Shelf | None = None,
    ) -> None:
        self._http = _connection(base_url, token, timeouts, budget, shelf)
        app_id = token.app.id if isinstance(token, Installed) else None
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
        self.feedback = FeedbackOnCommits(self._http, app_id)
        self.hooks = Hooks(self._http)

    def __repr__(self) -> str:
        return f"<GitHub {self._http.base_url}>"

    def stretch(self) -> float:
        """How many times slower polling has to be for the token's hour to last; 1 while it does."""
        return self._http.budget.stretch(time.time()) if self._http.budget else 1.0

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


def _connection(
    base_url: str,
    token: str | Installed,
    timeouts: Timeouts | None,
    budget: Budget | None,
    shelf: Shelf | None,
) -> Http:
    """One budget for each token or installation, whoever asks."""
    if isinstance(token, Installed):
        budget = budget or shared_budget(base_url, token.name)
        return connect(base_url, token, timeouts, budget, token.app.etags)
    budget = budget or shared_budget(base_url, token.strip())
    return connect(base_url, token, timeouts, budget, EtagCache(shelf=shelf))
