"""A GitHub App: it signs who it is, finds where it is installed, and is given tokens for an hour.

https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from agentmesh_release.providers.answers import Answer
from agentmesh_release.providers.asks import Ask
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.etags import EtagCache, Shelf
from agentmesh_release.providers.fields import Fields
from agentmesh_release.providers.github.connection import at, connect
from agentmesh_release.providers.http import Timeouts

# GitHub accepts at most ten minutes; a minute of that is for clocks that differ.
SIGNED_FOR_S = 9 * 60
CLOCK_SKEW_S = 60
# A token that ends within this is not begun with.
RENEW_BEFORE_S = 5 * 60
_CREATED = frozenset({201})
NO_KEY = "The GitHub App's private key is no RSA key in PEM, as GitHub gives it out."

Clock = Callable[[], float]


@dataclass
class _Installation:
    """One installation and the token that it has now; `until` is the epoch second of its end."""

    id: int
    token: str = ""
    until: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)


class App:
    """One App at one GitHub, thread-safe; keep one a process, so that its tokens are shared.

    `private_key` is PEM, its line breaks perhaps written as a backslash and an n, as variables
    often hold them. `clock` gives epoch seconds. Raises ProviderError where the key is none.
    """

    def __init__(
        self,
        base_url: str,
        app_id: str,
        private_key: str,
        *,
        timeouts: Timeouts | None = None,
        clock: Clock = time.time,
        shelf: Shelf | None = None,
    ) -> None:
        self.base_url, self.id = base_url, _whole(app_id)
        self.etags = EtagCache(shelf=shelf)
        self._clock = clock
        self._http = connect(base_url, _Signature(self.id, private_key, clock), timeouts, None)
        self._finding = threading.Lock()
        self._installations: dict[str, _Installation] = {}

    def __repr__(self) -> str:
        return f"<App {self.id} {self.base_url}>"

    def token(self, repo: str) -> str:
        """A token for that repository that lasts for five minutes at least. Raises ProviderError.

        Whoever comes while it is fetched waits for that one.
        """
        found = self._installation(repo)
        try:
            return self._fresh(found)
        except ProviderError as error:
            if error.status != 404:
                raise
        self._forget(found)  # it was installed anew since, or not at all any more
        return self._fresh(self._installation(repo))

    def renew(self, repo: str, refused: str) -> bool:
        """GitHub does not take that token any more: the next `token` is another one."""
        found = self._installation(repo)
        with found.lock:
            if found.token == refused:
                found.until = 0.0
        return True

    def _fresh(self, found: _Installation) -> str:
        with found.lock:
            if found.until - RENEW_BEFORE_S <= self._clock():
                found.token, found.until = self._create(found.id)
            return found.token

    def _create(self, installation: int) -> tuple[str, float]:
        """https://docs.github.com/en/rest/apps/apps#create-an-installation-access-token-for-an-app"""
        path = f"/app/installations/{installation}/access_tokens"
        # A second token does no harm, so it may be asked for again after a lost answer.
        ask = Ask("POST", path, repeatable=True, expect=_CREATED)
        made = Fields.of(self._ask(ask).data, "GitHub's installation token")
        return made.text("token"), made.time("expires_at").timestamp()

    def _installation(self, repo: str) -> _Installation:
        """Where it is installed for that repository: one installation for each account.

        https://docs.github.com/en/rest/apps/apps#get-a-repository-installation-for-the-authenticated-app
        """
        known = self._installations.get(repo)
        if known is not None:
            return known
        with self._finding:
            if repo not in self._installations:
                number = self._find(repo)
                others = (one for one in self._installations.values() if one.id == number)
                self._installations[repo] = next(others, None) or _Installation(number)
            return self._installations[repo]

    def _find(self, repo: str) -> int:
        try:
            answer = self._ask(Ask("GET", at(repo, "installation")))
        except ProviderError as error:
            if error.status != 404:
                raise
            raise ProviderError(
                f"The GitHub App {self.id} is not installed for {repo}: install it there, or let "
                "its installation have that repository too.",
                permanent=True,
                status=404,
            ) from None
        return Fields.of(answer.data, "GitHub's installation").whole("id")

    def _forget(self, gone: _Installation) -> None:
        with self._finding:
            kept = {repo: one for repo, one in self._installations.items() if one is not gone}
            self._installations = kept

    def _ask(self, ask: Ask) -> Answer:
        try:
            return self._http.ask(ask)
        except ProviderError as error:
            if error.status != 401:
                raise
            raise ProviderError(
                f"GitHub does not know the GitHub App {self.id} by its signature: its id and its "
                "private key do not belong together, or the clock of this machine is wrong.",
                permanent=True,
                status=401,
            ) from None


class Installed:
    """The App where it is installed for one repository, as the source of a client's tokens."""

    def __init__(self, app: App, repo: str) -> None:
        self.app, self._repo = app, repo

    @property
    def name(self) -> str:
        """What its budget is kept under: an installation is an account's."""
        return f"app {self.app.id} of {self._repo.partition('/')[0].lower()}"

    def token(self) -> str:
        return self.app.token(self._repo)

    def renew(self, refused: str) -> bool:
        return self.app.renew(self._repo, refused)


class _Signature:
    """Signs for whom a call is, anew for each: a signature lasts for minutes."""

    def __init__(self, app_id: int, private_key: str, clock: Clock) -> None:
        # 10 MB that only those need who have an App.
        from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
        from cryptography.hazmat.primitives.serialization import load_pem_private_key

        self._app_id, self._clock = app_id, clock
        pem = private_key.replace("\\n", "\n").strip().encode()
        try:
            key = load_pem_private_key(pem, password=None)
        except (ValueError, TypeError):
            raise ProviderError(NO_KEY, permanent=True) from None
        if not isinstance(key, RSAPrivateKey):
            raise ProviderError(NO_KEY, permanent=True)
        self._key = key

    def token(self) -> str:
        import jwt

        now = int(self._clock())
        claims = {"iat": now - CLOCK_SKEW_S, "exp": now + SIGNED_FOR_S, "iss": str(self._app_id)}
        return jwt.encode(claims, self._key, algorithm="RS256")

    def renew(self, refused: str) -> bool:
        return False


def _whole(app_id: str) -> int:
    if not (app_id.isascii() and app_id.isdecimal()):
        raise ProviderError("The GitHub App's id is a number; its page at GitHub shows it.", True)
    return int(app_id)
