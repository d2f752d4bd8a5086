"""Redirects: which are followed. A token stays at the host that it is for."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from agentmesh_release.providers.answers import Answer, Vendor
from agentmesh_release.providers.asks import Ask, origin
from agentmesh_release.providers.errors import ProviderError

# 308 and 307 ask for the same method again; after 301 and 302 only a read may be repeated.
REPEATING_REDIRECTS, REDIRECTS = frozenset({307, 308}), frozenset({301, 302, 307, 308})


def redirected(vendor: Vendor, base_url: str, ask: Ask, url: str, answer: Answer) -> str:
    """Where to ask instead. Raises ProviderError where that is not followed."""
    target = urljoin(url, answer.headers.get("location", ""))
    host = urlsplit(target).netloc
    name, status = vendor.name, answer.status
    if not vendor.follows_redirects:
        raise ProviderError(
            f"{name} answered {status}, a redirect to {host}; redirects are not followed here: "
            "enter the final address.",
            permanent=True,
            status=status,
        )
    if origin(target) != origin(base_url):
        raise ProviderError(
            f"{name} redirects to another host, {host}; the token stays here, so that was not "
            "followed.",
            permanent=True,
            status=status,
        )
    if ask.writes and status not in REPEATING_REDIRECTS:
        raise ProviderError(
            f"{name} answered {status}: this has moved to {urlsplit(target).path}; correct the "
            "name in the settings before writing to it.",
            permanent=True,
            status=status,
        )
    return target
