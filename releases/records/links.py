"""Addresses that others wrote: only what a browser may follow without running it is a link."""

import re

_FOLLOWABLE = re.compile(r"https?://[^\s<>\"'`\\]+")


def followable(url: str) -> str:
    """The address itself, or nothing."""
    return url if _FOLLOWABLE.fullmatch(url or "") else ""
