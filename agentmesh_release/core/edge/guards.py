"""The guards at the seam: what a request must be before anything of ours reads it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.http.request import split_domain_port, validate_host
from django.utils.http import parse_header_parameters

from .bodies import Caps
from .messages import Scope, Unacceptable
from .proxies import Network, resolve

# Those in which an address reads as it is written.
_CHARSET = re.compile(r"utf-?8|(us-)?ascii|iso-8859-\d\d?|windows-125\d", re.IGNORECASE)


@dataclass(frozen=True)
class Policy:
    """What is let in: for which hosts, through which proxies, with bodies how large."""

    allowed_hosts: Sequence[str]
    trusted_proxies: Sequence[Network] = ()
    caps: Caps = field(default_factory=Caps)


@dataclass(frozen=True)
class Admitted:
    """A request that passed the guards, and the length of its body in bytes."""

    scope: Scope
    length: int


def admit(scope: Scope, policy: Policy) -> Admitted:
    """The request without what could forge; raises Unacceptable with the answer where it stops.

    A header name with `_` reads like one with `-` once it is in a WSGI environ, so none get there.
    """
    clean = resolve(scope, policy.trusted_proxies)
    _check_host(clean, policy.allowed_hosts)
    _check_query(clean)
    _check_content_type(clean)
    return Admitted(clean, _length(clean, policy.caps))


def _check_host(scope: Scope, allowed: Sequence[str]) -> None:
    hosts = _values(scope, b"host")
    domain, _ = split_domain_port(hosts[0].decode("latin-1")) if len(hosts) == 1 else ("", "")
    if not domain or not validate_host(domain, list(allowed)):
        raise Unacceptable(
            400, "This address is not served here: the Host is not in ALLOWED_HOSTS."
        )


def _check_query(scope: Scope) -> None:
    if not scope["query_string"].isascii():
        raise Unacceptable(400, "The query holds raw bytes; percent-encode them.")


def _check_content_type(scope: Scope) -> None:
    """Django reads the address, too, in the charset named here, where a codec that is none of text
    (base64) makes it give up before any view could answer."""
    types = _values(scope, b"content-type")
    try:
        _, options = parse_header_parameters(b",".join(types).decode("latin-1"))
    except ValueError:
        raise Unacceptable(400, "The Content-Type cannot be read.") from None
    if not _CHARSET.fullmatch(options.get("charset", "utf-8")):
        raise Unacceptable(415, "The charset of the Content-Type is not taken here; send UTF-8.")


def _length(scope: Scope, caps: Caps) -> int:
    if _values(scope, b"transfer-encoding"):
        raise Unacceptable(411, "Send the body with a Content-Length; chunked is not accepted.")
    lengths = _values(scope, b"content-length")
    if not lengths:
        return 0
    if len(lengths) > 1 or not lengths[0].isdigit():
        raise Unacceptable(400, "The Content-Length is not one number.")
    length, cap = int(lengths[0]), caps.of(scope["path"])
    if length > cap:
        raise Unacceptable(413, f"The body is too large: at most {cap:,} bytes are accepted here.")
    return length


def _values(scope: Scope, name: bytes) -> list[bytes]:
    return [value for header, value in scope["headers"] if header == name]
