"""How GitHub speaks: headers, paging, limits, and what its refusals mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import quote

from agentmesh_release.providers.answers import Answer, Refusal, Vendor
from agentmesh_release.providers.asks import Ask, Param
from agentmesh_release.providers.bearers import Bearer
from agentmesh_release.providers.budget import Budget, epoch_reset, epoch_reset_of_any
from agentmesh_release.providers.dates import retry_after
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.etags import EtagCache
from agentmesh_release.providers.http import Http, Timeouts

PAGE = 100  # the largest page GitHub gives
SECONDARY_WAIT_S = 60.0
_NAME = re.compile(r"[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+")
_NEXT = re.compile(r'<([^<>]*)>\s*;[^,<]*\brel="?next"?')


def _explain(refusal: Refusal) -> str:
    """https://docs.github.com/en/rest/using-the-rest-api/troubleshooting-the-rest-api"""
    if refusal.status < 500 and _limited(refusal) is not None:
        return f"the rate limit is used up ({refusal.said})" if refusal.said else "rate limit"
    wanted = refusal.headers.get("x-accepted-github-permissions", "")
    needs = _permissions(wanted) or _scope(refusal)
    if refusal.status == 401:
        return "the token is wrong, expired or revoked"
    if refusal.status == 403 and refusal.headers.get("x-github-sso", "").startswith("required"):
        return (
            "the token is not authorised for the organisation's single sign-on; at GitHub, its "
            "owner does that among their tokens, with Configure SSO"
        )
    if refusal.status == 403 and needs and "accessible" in refusal.said.lower():
        return f"the token lacks {needs}"
    if refusal.status == 403 and needs:
        return f"{refusal.said} (the token needs {needs})"
    if refusal.status == 404:
        hint = f" (that needs {needs})" if needs else ""
        return f"it is not there, or the token may not see it{hint}"
    return refusal.said


def _permissions(header: str) -> str:
    """ "checks=read; contents=read,metadata=read": commas join, semicolons offer alternatives."""
    ways = [
        " and ".join(part.strip().replace("=", ":") for part in way.split(",") if part.strip())
        for way in header.split(";")
    ]
    return " or ".join(way for way in ways if way)


def _scope(refusal: Refusal) -> str:
    """A classic token says its scopes; without `repo` no private repository is readable.

    https://docs.github.com/en/apps/oauth-apps/building-oauth-apps/scopes-for-oauth-apps
    """
    held = refusal.headers.get("x-oauth-scopes")
    if held is None or "repo" in {scope.strip() for scope in held.split(",")}:
        return ""
    return f"the scope repo; it has {held.strip() or 'none'}"


def _limited(refusal: Refusal) -> float | None:
    """Seconds to wait when a refusal is a primary or secondary limit, else None.

    403 or 429: Retry-After first; else the reset when nothing remains; else at least a minute.
    https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    """
    headers, now = refusal.headers, refusal.now
    named = retry_after(headers, now)
    if refusal.status not in {403, 429}:
        return named if refusal.status == 503 else None
    if named is not None:
        return named
    if headers.get("x-ratelimit-remaining") == "0":
        allowance = epoch_reset_of_any(headers, now)
        return SECONDARY_WAIT_S if allowance is None else max(1.0, allowance.reset_at - now)
    is_limit = refusal.status == 429 or "rate limit" in refusal.said.lower()
    return SECONDARY_WAIT_S if is_limit else None


GITHUB = Vendor("GitHub", _explain, _limited, epoch_reset, follows_redirects=True)


def connect(
    base_url: str,
    token: str | Bearer,
    timeouts: Timeouts | None,
    budget: Budget | None,
    etags: EtagCache | None = None,
) -> Http:
    """A connection with the headers that GitHub asks for.

    https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api
    """
    headers = {
        "Accept": "application/vnd.github+json",
        "X-GitHub-Api-Version": "2022-11-28",
        "User-Agent": "AgentMesh-Release",
    }
    stays = token.strip() if isinstance(token, str) else ""  # files end with a line break
    if stays:
        headers["Authorization"] = f"Bearer {stays}"
    return Http(
        GITHUB,
        base_url,
        headers=headers,
        secret=stays,
        bearer=None if isinstance(token, str) else token,
        timeouts=timeouts,
        budget=budget,
        etags=etags,
    )


def at(repo: str, *parts: str) -> str:
    """The path of something in a repository; every part is encoded, slashes too (%2F)."""
    if not _NAME.fullmatch(repo) or {".", ".."} & set(repo.split("/")):
        raise ProviderError(f"“{repo[:100]}” is not a repository name like owner/name.", True)
    return "/".join(["/repos", repo, *(quote(part, safe="") for part in parts)])


def pages(http: Http, path: str, /, **params: Param) -> Iterator[Answer]:
    """The pages of a list, following `Link: rel="next"` rather than counting.

    https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api
    """
    answer = http.get(path, per_page=PAGE, **params)
    seen = set()
    while True:
        yield answer
        following = _NEXT.search(answer.headers.get("link", ""))
        if following is None:
            return
        if following[1] in seen:
            raise ProviderError(f"GitHub's pages of {path} run in a circle.")
        seen.add(following[1])
        answer = http.ask(Ask("GET", following[1]))


def absent_as_none(error: ProviderError) -> None:
    """Swallow "not there" where absence is an answer; raise everything else."""
    if error.status != 404:
        raise error
