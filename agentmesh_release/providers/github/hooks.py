"""The webhooks of repositories, and what became of their deliveries."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.fields import Fields, many
from agentmesh_release.providers.github.connection import at, pages
from agentmesh_release.providers.http import Http

_CREATED, _ACCEPTED = frozenset({201}), frozenset({202})
EVERYTHING = "*"


@dataclass(frozen=True)
class Webhook:
    """One webhook of a repository, and the address to which it leads."""

    id: int
    active: bool
    url: str
    events: tuple[str, ...]


@dataclass(frozen=True)
class Attempt:
    """One attempt to deliver; `guid` is the same in all attempts of one delivery. `status_code` is
    what the receiver answered, 0 where it did not."""

    id: int
    guid: str
    delivered_at: datetime
    redelivery: bool
    status: str
    status_code: int
    event: str

    @property
    def arrived(self) -> bool:
        return 200 <= self.status_code < 300


class Hooks:
    """The webhooks of repositories. A token needs `repository_hooks`: read, and write to change
    one or to have a delivery repeated."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def all(self, repo: str) -> tuple[Webhook, ...]:
        """https://docs.github.com/en/rest/repos/webhooks#list-repository-webhooks"""
        return tuple(
            _webhook(fields)
            for page in pages(self._http, at(repo, "hooks"))
            for fields in many(page.data, "GitHub's list of webhooks")
        )

    def ensure(self, repo: str, url: str, secret: str) -> Webhook:
        """Have all events sent to `url`, signed with that secret: look, act, confirm.

        One that leads to the same path at another host is turned to this one.
        https://docs.github.com/en/rest/repos/webhooks#create-a-repository-webhook
        """
        there = self._look(repo, url)
        if there is None or there.url != url or not there.active:
            config = {"url": url, "content_type": "json", "secret": secret}
            body = {"config": config, "events": [EVERYTHING], "active": True}
            if there is None:
                made = {"name": "web", **body}
                self._http.ask(Ask("POST", at(repo, "hooks"), json=made, expect=_CREATED))
            else:
                self._http.ask(Ask("PATCH", at(repo, "hooks", str(there.id)), json=body))
            there = self._look(repo, url)
        if there is None or there.url != url:
            raise ProviderError(f"GitHub took the webhook of {repo} and does not show it yet.")
        return there

    def _look(self, repo: str, url: str) -> Webhook | None:
        path = _path(url)
        found = [each for each in self.all(repo) if _path(each.url) == path]
        return next((each for each in found if each.url == url), found[0] if found else None)

    def attempts(self, repo: str, hook: int) -> Iterator[Attempt]:
        """Attempts to deliver, newest first; GitHub keeps those of the last three days.

        https://docs.github.com/en/rest/repos/webhooks#list-deliveries-for-a-repository-webhook
        """
        for page in pages(self._http, at(repo, "hooks", str(hook), "deliveries")):
            yield from map(_attempt, many(page.data, "GitHub's list of deliveries"))

    def repeat(self, repo: str, hook: int, attempt: int) -> None:
        """Have a delivery sent once more, under its old GUID. Twice does no harm.

        https://docs.github.com/en/rest/repos/webhooks#redeliver-a-delivery-for-a-repository-webhook
        """
        path = at(repo, "hooks", str(hook), "deliveries", str(attempt), "attempts")
        self._http.ask(Ask("POST", path, repeatable=True, expect=_ACCEPTED))


def _path(url: str) -> str:
    return url.split("://", 1)[-1].partition("/")[2].rstrip("/")


def _webhook(fields: Fields) -> Webhook:
    return Webhook(
        id=fields.whole("id"),
        active=fields.flag("active"),
        url=fields.part("config").maybe_text("url") or "",
        events=fields.texts("events"),
    )


def _attempt(fields: Fields) -> Attempt:
    return Attempt(
        id=fields.whole("id"),
        guid=fields.text("guid"),
        delivered_at=fields.time("delivered_at"),
        redelivery=fields.flag("redelivery"),
        status=fields.maybe_text("status") or "",
        status_code=fields.maybe_whole("status_code") or 0,
        event=fields.text("event"),
    )
