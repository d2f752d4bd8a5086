"""Short names of values, by which a form says what it was made from."""

import hashlib
import json


def fingerprint(value: object) -> str:
    """The same for equal values of JSON, and else another one: 16 characters of hex."""
    canonical = json.dumps(value, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:16]
