"""Addresses that people type in: only public ones, and connected to exactly as checked.

The rule (DESIGN, Providers): https, resolve, refuse private, loopback and link-local ranges,
connect to the checked address, no redirects; an operator may allow-list addresses.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.patience import within

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IANA special-purpose registries (RFC 6890 and its updates), written out so that the answer does
# not depend on the Python version's idea of "global".
REFUSED: tuple[Network, ...] = tuple(
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",  # this host
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT
        "127.0.0.0/8",
        "169.254.0.0/16",  # link-local, cloud metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.31.196.0/24",
        "192.52.193.0/24",
        "192.88.99.0/24",
        "192.168.0.0/16",
        "192.175.48.0/24",
        "198.18.0.0/15",  # benchmarks
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
        "2001::/23",  # protocol assignments, Teredo
        "2001:db8::/32",  # documentation
        "3fff::/20",  # documentation
    )
)
# All of IPv6 that is handed out as global unicast (RFC 4291); the rest is refused.
GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


@dataclass(frozen=True)
class Endpoint:
    """One address to connect to: what `socket.connect` takes, with its family."""

    family: socket.AddressFamily
    sockaddr: tuple[str, int] | tuple[str, int, int, int]

    @property
    def ip(self) -> Address:
        """The address as a value; a zone index is dropped for comparing."""
        return ipaddress.ip_address(self.sockaddr[0].partition("%")[0])


def is_public(ip: Address) -> bool:
    """Tell whether `ip` is an address of the public internet, seen through IPv4 in IPv6."""
    inner = _inner(ip)
    if inner.version == 6 and inner not in GLOBAL_UNICAST:
        return False
    return not any(inner in net for net in REFUSED)


def _inner(ip: Address) -> Address:
    """The address itself or, where an IPv6 one wraps an IPv4 one, what a host would reach."""
    if isinstance(ip, ipaddress.IPv4Address):
        return ip
    if ip in NAT64:
        return ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or ip


def resolve(host: str, port: int, timeout_s: float) -> list[Endpoint]:
    """Resolve a host name within `timeout_s` seconds (a dead resolver holds `getaddrinfo` for
    half a minute). Raises OSError, of which TimeoutError is one."""

    def ask() -> list[Endpoint]:
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
        return [Endpoint(family, address) for family, _, _, _, address in found]  # type: ignore[arg-type]

    try:
        return within(timeout_s, ask)
    except UnicodeError as error:  # a label that is empty or too long
        raise OSError(str(error)) from None


class AddressGuard:
    """Decides which addresses may be reached. In: what the operator allows besides public ones,
    as addresses or networks ("10.1.2.3", "10.0.0.0/8"), and whether public ones may be reached."""

    def __init__(self, allowed: Iterable[str] = (), *, public: bool = True) -> None:
        self.allowed = tuple(ipaddress.ip_network(text, strict=False) for text in allowed)
        self.public = public

    @classmethod
    def of(cls, url: str, allowed: Iterable[str]) -> AddressGuard:
        """The guard of a service of the operator's own: in plain http only what is allow-listed
        is reached, since a token would cross the internet readable."""
        return cls(allowed, public=urlsplit(url).scheme == "https")

    def admits(self, ip: Address) -> bool:
        """Tell whether a connection to `ip` is allowed."""
        return (self.public and is_public(ip)) or any(_inner(ip) in net for net in self.allowed)

    def check_url(self, url: str) -> str:
        """Return the URL's host; raise a permanent ProviderError unless it is plain https."""
        try:
            parts = urlsplit(url)
            host, _port = parts.hostname, parts.port
        except ValueError:
            raise ProviderError("That is not a web address.", permanent=True) from None
        if parts.scheme != "https" or not host:
            raise ProviderError("The address must start with https:// and name a host.", True)
        if parts.username is not None or parts.password is not None:
            raise ProviderError("The address must not carry a user name or a password.", True)
        return host

    def check_own(self, url: str) -> None:
        """Raise a permanent ProviderError unless this can be the address of a service of the
        operator's own: https, or http where private addresses are allow-listed. A number in it is
        checked at once, a name when it is resolved."""
        plain = url.startswith("http://")
        if plain and not self.allowed:
            raise ProviderError(
                "Use https://, or have an operator allow its private address in "
                "ALLOWED_PRIVATE_ADDRESSES.",
                permanent=True,
            )
        host = self.check_url(url.replace("http://", "https://", 1) if plain else url)
        parts = urlsplit(url)
        if parts.query or parts.fragment:
            raise ProviderError("The address must not have a query: it is added to it.", True)
        try:
            ip = ipaddress.ip_address(host)
        except ValueError:
            return
        if not self.admits(ip):
            raise ProviderError(self._refusal(host, ip), permanent=True)

    def check(self, host: str, endpoints: Iterable[Endpoint]) -> list[Endpoint]:
        """Return the endpoints, all of them allowed; one that is not refuses the whole name,
        since a name that mixes public and private addresses is a rebinding attempt."""
        checked = list(endpoints)
        for endpoint in checked:
            if not self.admits(endpoint.ip):
                raise ProviderError(self._refusal(host, endpoint.ip), permanent=True)
        return checked

    def _refusal(self, host: str, ip: Address) -> str:
        if is_public(ip):
            return f"{host} leads to {ip}, a public address: use https:// for it."
        return f"{host} leads to {ip}, an address that is not public; an operator can allow it."
