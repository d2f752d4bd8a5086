"""Path prefixes: `/switches` covers itself and what is below it, not `/switches-old`."""

from collections.abc import Iterable


def covers(prefix: str, path: str) -> bool:
    """Whether `path` is `prefix` or lies below it."""
    stem = prefix.rstrip("/")
    return path == stem or path.startswith(f"{stem}/")


def longest_prefix(path: str, prefixes: Iterable[str]) -> str | None:
    """The most particular of `prefixes` that covers `path`; None when none does."""
    return max((prefix for prefix in prefixes if covers(prefix, path)), key=len, default=None)
