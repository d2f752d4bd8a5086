"""Whether a target says what is wanted. Pure."""

from collections.abc import Mapping
from typing import Any


def agrees(wanted: Mapping[str, Any], value: object) -> bool:
    """Whether the JSON `value` that a target holds says the same as `wanted`.

    What is not there does not agree (DESIGN, invariant 5: unknown is not pass). While a switch is
    at rest its message may differ: nobody sees it.
    """
    if not isinstance(value, Mapping) or value.get("enabled") is not wanted["enabled"]:
        return False
    return not wanted["enabled"] or all(value.get(name) == wanted[name] for name in wanted)


def is_off(value: object) -> bool | None:
    """What a value says: off, on, or None when it says neither (seed: `{"enabled": true}`)."""
    enabled = value.get("enabled") if isinstance(value, Mapping) else None
    return enabled if isinstance(enabled, bool) else None
