"""Who is on the other end: forwarding headers count only when a trusted proxy set them.

They never reach a view. That some were there is remembered under `FORWARDED`, because what is meant
for this machine alone (the demo sign-in) must not be reachable through a proxy nobody told us of.
"""

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

from .messages import Scope

FORWARDED = "agentmesh.forwarded"
Network = IPv4Network | IPv6Network
RawHeader = tuple[bytes, bytes]

_NAMES = {
    b"cf-connecting-ip",
    b"client-ip",
    b"fastly-client-ip",
    b"fly-client-ip",
    b"forwarded",
    b"forwarded-for",
    b"true-client-ip",
    b"via",
    b"x-client-ip",
    b"x-cluster-client-ip",
    b"x-forwarded",
    b"x-original-host",
    b"x-original-url",
    b"x-proxyuser-ip",
    b"x-real-ip",
    b"x-rewrite-url",
}


def networks(addresses: Iterable[str]) -> tuple[Network, ...]:
    """Parse TRUSTED_PROXIES, addresses or CIDR ranges; raises ValueError for anything else."""
    return tuple(ip_network(address.strip(), strict=False) for address in addresses)


def is_forwarding(name: bytes) -> bool:
    """Whether this (lower-case) header speaks of a hop before us, however it is spelt."""
    spelt = name.replace(b"_", b"-")
    return spelt in _NAMES or spelt.startswith((b"x-forwarded-", b"x-original-forwarded-"))


def resolve(scope: Scope, trusted: Sequence[Network]) -> Scope:
    """A copy of `scope` without forwarding headers; client, scheme and Host as a proxy says."""
    headers: list[RawHeader] = list(scope["headers"])
    hops = [(name, value) for name, value in headers if is_forwarding(name)]
    plain = [
        (name, value) for name, value in headers if b"_" not in name and not is_forwarding(name)
    ]
    resolved = {**scope, "headers": plain, FORWARDED: bool(hops)}
    if hops and _is_trusted(_peer(scope), trusted):
        _believe(resolved, {name: value for name, value in hops if b"_" not in name}, trusted)
    return resolved


def _believe(scope: Scope, hops: dict[bytes, bytes], trusted: Sequence[Network]) -> None:
    client = _client(hops.get(b"x-forwarded-for", b""), trusted)
    if client:
        scope["client"] = (client, 0)
    scheme = _last(hops.get(b"x-forwarded-proto", b"")).lower()
    if scheme in ("http", "https"):
        scope["scheme"] = scheme
    host = _last(hops.get(b"x-forwarded-host", b""))
    if host:
        others = [header for header in scope["headers"] if header[0] != b"host"]
        scope["headers"] = [*others, (b"host", host.encode("latin-1"))]


def _client(chain: bytes, trusted: Sequence[Network]) -> str:
    """The nearest address in X-Forwarded-For that no proxy of ours has; "" when there is none."""
    nearest = ""
    for hop in reversed(chain.decode("latin-1").split(",")):
        address = hop.strip()
        try:
            ip_address(address)
        except ValueError:
            break
        nearest = address
        if not _is_trusted(address, trusted):
            break
    return nearest


def _last(value: bytes) -> str:
    return value.decode("latin-1").rpartition(",")[2].strip()


def _peer(scope: Scope) -> str:
    client = scope.get("client")
    return client[0] if client else ""


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(parsed, "ipv4_mapped", None)
    return any((mapped or parsed) in network for network in trusted)
