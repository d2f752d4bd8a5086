"""Clients for the providers, for the world that this is.

In the demo world the sandbox stands for all of them; in a real world it is never asked. A secret
is named (`GITHUB_TOKEN`), read from the environment or a file, and handed to the client only.

Each process keeps a client per address and secret: its connections stay open, and what GitHub
answered is asked again by ETag, which is free of quota.
"""

from functools import lru_cache

import environ
from django.conf import settings

from ..providers.addresses import AddressGuard
from ..providers.appdb import AppDatabase
from ..providers.errors import ProviderError
from ..providers.github import GitHub
from ..providers.prometheus import Prometheus
from ..providers.supabase import Supabase
from ..providers.vercel import Vercel
from .world import is_demo

_SANDBOX_TOKEN = "sandbox"
_CLIENTS = 64

_github = lru_cache(_CLIENTS)(GitHub)
_vercel = lru_cache(_CLIENTS)(Vercel)
_supabase = lru_cache(_CLIENTS)(Supabase)
_app_database = lru_cache(_CLIENTS)(AppDatabase)

# Read at the moment of use: what the settings read from `.env` is in the environment by then.
_env = environ.FileAwareEnv()


def github(token_name: str) -> GitHub:
    """Raises ProviderError when the token is not configured."""
    if is_demo():
        return _github(f"{settings.SANDBOX_URL}/github", _SANDBOX_TOKEN)
    return _github(settings.GITHUB_API_URL, secret(token_name, "GitHub"))


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
    """The secret of that name from the environment, or from the file that `<name>_FILE` names."""
    value: str = _env(name, default="") if name else ""
    if not value:
        raise not_configured(of, name)
    return value


def not_configured(what: str, name: str = "") -> ProviderError:
    mend = f"; set {name} or {name}_FILE" if name else ""
    return ProviderError(f"{what} is not configured{mend}.", permanent=True)
