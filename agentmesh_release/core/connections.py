"""Clients for the providers, for the world that this is.

In the demo world the sandbox stands for all of them; in a real world it is never asked. A secret
is named (`GITHUB_TOKEN`), read from the environment or a file, and handed to the client only.

Each process keeps a client per address and secret: its connections stay open, and what GitHub
answered is asked again by ETag, which is free of quota. What polling was answered all processes
know, and later ones.
"""

import os
from functools import lru_cache, partial
from pathlib import Path

from django.conf import settings

from ..providers.addresses import AddressGuard
from ..providers.appdb import AppDatabase
from ..providers.errors import ProviderError
from ..providers.github import App, GitHub, Installed
from ..providers.prometheus import Prometheus
from ..providers.supabase import Supabase
from ..providers.vercel import Vercel
from .known_answers import KnownAnswers
from .world import is_demo

_SANDBOX_TOKEN = "sandbox"
_CLIENTS = 64

# An App has a client for each repository; what they share is small, and is the App's.
_INSTALLED = 2_000
APP_ID, APP_KEY = "GITHUB_APP_ID", "GITHUB_APP_PRIVATE_KEY"

_shelf = KnownAnswers()
_github = lru_cache(_CLIENTS)(partial(GitHub, shelf=_shelf))
_app = lru_cache(_CLIENTS)(partial(App, shelf=_shelf))
_vercel = lru_cache(_CLIENTS)(Vercel)
_supabase = lru_cache(_CLIENTS)(Supabase)
_app_database = lru_cache(_CLIENTS)(AppDatabase)


def github(token_name: str, repository: str = "") -> GitHub:
    """By the token of that name; where there is none, as the GitHub App that is installed for the
    repository, `owner/name`. Raises ProviderError when neither is configured."""
    if is_demo():
        return _github(f"{settings.SANDBOX_URL}/github", _SANDBOX_TOKEN)
    if repository and is_app(token_name):
        app_id, key = secret(APP_ID, "The GitHub App"), secret(APP_KEY, "The GitHub App")
        return _as_app(settings.GITHUB_API_URL, app_id, key, repository)
    return _github(settings.GITHUB_API_URL, secret(token_name, "GitHub"))


def is_app(token_name: str) -> bool:
    """Whether a project that names this token is asked for as the GitHub App."""
    return not is_demo() and has_github_app() and not _is_set(token_name)


def has_github_app() -> bool:
    """Whether this house is a GitHub App, in a real world."""
    return _is_set(APP_ID)


@lru_cache(_INSTALLED)
def _as_app(url: str, app_id: str, key: str, repository: str) -> GitHub:
    return GitHub(url, Installed(_app(url, app_id, key), repository))


def github_page(repository: str) -> str:
    """Where people read a repository, `owner/name`; in the demo world the sandbox's own page."""
    pages = f"{settings.SANDBOX_URL}/github" if is_demo() else settings.GITHUB_SERVER_URL
    return f"{pages}/{repository}"


def vercel(token_name: str, team_id: str = "") -> Vercel:
    """Raises ProviderError when the token is not configured."""
    if is_demo():
        return _vercel(f"{settings.SANDBOX_URL}/vercel", _SANDBOX_TOKEN)
    return _vercel(settings.VERCEL_API_URL, secret(token_name, "Vercel"), team_id or None)


def supabase(token_name: str) -> Supabase:
    """Raises ProviderError when the token is not configured."""
    if is_demo():
        return _supabase(f"{settings.SANDBOX_URL}/supabase", _SANDBOX_TOKEN)
    return _supabase(settings.SUPABASE_API_URL, secret(token_name, "Supabase"))


def prometheus(url: str, token_name: str = "") -> Prometheus:
    """Raises ProviderError when no address is configured.

    People type this address, so only what the guard admits is reached (DESIGN, Providers).
    """
    if is_demo():
        return _prometheus(f"{settings.SANDBOX_URL}/prometheus", "", None)
    if not url:
        raise not_configured("Prometheus")
    bearer = secret(token_name, "Prometheus") if token_name else ""
    return _prometheus(url, bearer, tuple(settings.ALLOWED_PRIVATE_ADDRESSES))


@lru_cache(_CLIENTS)
def _prometheus(url: str, bearer: str, allowed: tuple[str, ...] | None) -> Prometheus:
    guard = None if allowed is None else AddressGuard.of(url, allowed)
    return Prometheus(url, bearer or None, guard=guard)


def app_database(url_name: str) -> AppDatabase:
    """The app's PostgreSQL. Raises ProviderError when its address is not configured."""
    return _app_database(secret(url_name, "The app database"))


def secret(name: str, of: str) -> str:
    """The secret of that name from the environment, or from the file that `<name>_FILE` names.

    Raises ProviderError when there is none, or when the file cannot be read.
    """
    value = _read(name)
    if not value:
        raise not_configured(of, name)
    return value


def _read(name: str) -> str:
    """At the moment of use, so that a secret can be changed in its file while the house is open;
    what the settings read from `.env` is in the environment by then."""
    path = os.environ.get(f"{name}_FILE", "") if name else ""
    if not path:
        return os.environ.get(name, "").strip()
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, ValueError) as error:  # the path stays unsaid: it may be the secret itself
        why = getattr(error, "strerror", None) or "it is not text"
        raise ProviderError(
            f"The file that {name}_FILE names cannot be read: {why}.", permanent=True
        ) from None


def _is_set(name: str) -> bool:
    """Whether it was set, be it well or not."""
    try:
        return bool(_read(name))
    except ProviderError:
        return True


def not_configured(what: str, name: str = "") -> ProviderError:
    mend = f"; set {name} or {name}_FILE" if name else ""
    return ProviderError(f"{what} is not configured{mend}.", permanent=True)
