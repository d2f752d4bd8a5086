"""Whether the static files have changed since they were collected."""

import hashlib

from .place import Place


def is_collected(place: Place) -> bool:
    """Whether what was last collected is what the checkout and its packages hold now."""
    try:
        return place.collected.read_text() == _fingerprint(place)
    except FileNotFoundError:
        return False


def remember_collected(place: Place) -> None:
    place.collected.write_text(_fingerprint(place))


def _fingerprint(place: Place) -> str:
    """Names, sizes and times of our own files, and the versions of the packages that bring some."""
    seen = hashlib.sha256((place.checkout / "requirements.txt").read_bytes())
    for path in sorted((place.checkout / "static").rglob("*")):
        facts = path.stat()
        seen.update(f"{path}\0{facts.st_size}\0{facts.st_mtime_ns}\0".encode(errors="replace"))
    return seen.hexdigest()
