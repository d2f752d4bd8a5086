"""Identifiers in the vendors' shapes, derived from a seed so that a restart gives the same ones."""

import hashlib
import secrets
import string

ALPHANUMERIC = string.ascii_letters + string.digits


def derived(prefix: str, *seed: str, length: int, alphabet: str = ALPHANUMERIC) -> str:
    """`prefix` and `length` characters of `alphabet` that depend on the seed alone."""
    number = int.from_bytes(hashlib.sha512("\0".join(seed).encode()).digest(), "big")
    letters = []
    for _ in range(length):
        number, index = divmod(number, len(alphabet))
        letters.append(alphabet[index])
    return prefix + "".join(letters)


def deployment() -> str:
    """A new Vercel deployment id."""
    return "dpl_" + "".join(secrets.choice(ALPHANUMERIC) for _ in range(28))


def project(name: str) -> str:
    """The Vercel project id of a repository name."""
    return derived("prj_", "vercel", name, length=28)


def supabase_ref(name: str) -> str:
    """Twenty lowercase letters (FACTS 3)."""
    return derived("", "supabase", name, length=20, alphabet=string.ascii_lowercase)


def number(*seed: str) -> int:
    """A positive number of ten digits or fewer, for GitHub's numeric ids."""
    digest = hashlib.sha256("\0".join(seed).encode()).digest()
    return int.from_bytes(digest[:4], "big") + 1


def node(*seed: str) -> str:
    """An opaque GitHub node id."""
    return derived("N_", *seed, length=18)


def request() -> str:
    """An id for one HTTP request; the journal names it beside what the request did."""
    return secrets.token_hex(8)
