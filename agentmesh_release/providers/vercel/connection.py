"""How Vercel speaks: headers, the team on every call, and what its refusals mean."""

from __future__ import annotations

import random
import re
from urllib.parse import quote

from agentmesh_release.providers.answers import Refusal, Vendor, limited_by_429
from agentmesh_release.providers.asks import Ask, Param
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.http import Answer, Http, Timeouts

CLI_SKEW_S = 30.0
_ID = re.compile(r"[A-Za-z0-9._-]+")


def _explain(refusal: Refusal) -> str:
    """Statuses as Vercel documents them per operation (https://vercel.com/docs/rest-api)."""
    said = refusal.said
    meaning = {
        401: "the token is wrong, expired or revoked",
        402: "the team's plan does not include it",
        403: "the token may not do this, or the team is not the right one",
        409: "another alias job or rolling release is in the way; read the state again",
        410: "this version of the API is retired; AgentMesh Release needs an update",
        429: "the rate limit is used up",
    }.get(refusal.status)
    if meaning is None:
        return said
    return f"{meaning} ({said})" if said else meaning


def _limited(refusal: Refusal) -> float | None:
    """Retry-After, and for waits of a minute some skew on top, as Vercel's own CLI does, so that
    everyone held back by a one-minute bucket does not return at once."""
    wait = limited_by_429(refusal)
    if wait is None or wait < CLI_SKEW_S:
        return wait
    return wait + random.uniform(0, CLI_SKEW_S)  # noqa: S311


VERCEL = Vendor("Vercel", _explain, _limited)


class Team:
    """A connection on behalf of a team: `teamId` goes with every call, since what a team owns
    is "not found" without it (https://vercel.com/docs/rest-api#accessing-resources-owned-by-a-team).
    """

    def __init__(
        self, base_url: str, token: str, team_id: str | None, timeouts: Timeouts | None
    ) -> None:
        token = token.strip()  # files end with a line break
        headers = {
            "Authorization": f"Bearer {token}",
            "Accept": "application/json",
            "User-Agent": "AgentMesh-Release",
        }
        self.base_url = base_url
        self._team_id = team_id
        self._http = Http(VERCEL, base_url, headers=headers, secret=token, timeouts=timeouts)

    def get(self, path: str, /, **params: Param) -> Answer:
        """GET JSON."""
        return self._http.ask(Ask("GET", path, {"teamId": self._team_id, **params}))

    def send(
        self,
        method: str,
        path: str,
        /,
        *,
        expect: frozenset[int],
        parse: bool = False,
        body: dict[str, bool] | None = None,
        **params: Param,
    ) -> Answer:
        """A write, with an empty JSON object unless a body is given; never repeated by itself."""
        query = {"teamId": self._team_id, **params}
        return self._http.ask(Ask(method, path, query, json=body or {}, parse=parse, expect=expect))


def step(identifier: str) -> str:
    """An id, name or host as one step of a path."""
    if not _ID.fullmatch(identifier) or identifier in {".", ".."}:
        raise ProviderError(f"“{identifier[:100]}” is not a Vercel id or name.", permanent=True)
    return quote(identifier, safe="")
