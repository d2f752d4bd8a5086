"""The text of an API token: `amr_`, a handle that may be seen, a secret, and a checksum.

    amr_ 4fQz81Lk 0aBcDeFgHiJkLmNoPqRsTuVwXyZ01234 1c9Kd2

The secret has 190 random bits. The checksum (CRC-32, as GitHub's tokens have one) tells a typo from
a token without asking anybody, and lets scanners find tokens where they should not be.
"""

import hashlib
import re
import secrets
import string
from zlib import crc32

PREFIX = "amr_"
_ALPHABET = string.digits + string.ascii_letters
_HANDLE, _SECRET, _CHECKSUM = 8, 32, 6
_FORM = re.compile(rf"{PREFIX}([0-9A-Za-z]{{{_HANDLE + _SECRET}}})([0-9A-Za-z]{{{_CHECKSUM}}})")


def draw() -> str:
    """A new token."""
    body = "".join(secrets.choice(_ALPHABET) for _ in range(_HANDLE + _SECRET))
    return f"{PREFIX}{body}{_checksum(body)}"


def handle_of(text: str) -> str:
    """The part that may be seen; empty when the text is no token."""
    found = _FORM.fullmatch(text)
    if found is None or _checksum(found[1]) != found[2]:
        return ""
    return found[1][:_HANDLE]


def hashed(text: str) -> str:
    """SHA-256 in hex: what is as random as this needs no slow hash."""
    return hashlib.sha256(text.encode()).hexdigest()


def _checksum(body: str) -> str:
    rest, digits = crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        rest, digit = divmod(rest, len(_ALPHABET))
        digits = _ALPHABET[digit] + digits
    return digits
