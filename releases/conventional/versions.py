"""Versions out of tag names, and their order (SemVer 2.0.0 §9 to §11, through `semver`)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from semver import Version

# Numbers fit a database's bigint; the sort key pads to the same width.
_DIGITS = 18
_CORE = re.compile(r"[vV]?(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)", re.ASCII)
_LONG_NUMBER = re.compile(rf"(?<![0-9A-Za-z-])[0-9]{{{_DIGITS + 1},}}(?![0-9A-Za-z-])")
_PREFIXED = re.compile(r"(?P<prefix>.*[^0-9A-Za-z.])[vV]?\d+\.\d+\.\d+", re.ASCII | re.DOTALL)
_FEW_NUMBERS = re.compile(r"[vV]?\d+(?:\.\d+)?(?:[-+].*)?", re.ASCII | re.DOTALL)
_MANY_NUMBERS = re.compile(r"[vV]?\d+(?:\.\d+){3,}.*", re.ASCII | re.DOTALL)
_STARTS_LIKE_ONE = re.compile(r"[vV]?\.?\d+\.\d+", re.ASCII)


@dataclass(frozen=True, slots=True)
class NearlyVersion:
    """A tag that looks like a version and is none; `reason` ends the sentence "`name` …".

    `prefix` is what stands before the version, where that is all that is in the way.
    """

    name: str
    reason: str
    prefix: str = ""


def read_tag(name: str, prefix: str = "") -> Version | NearlyVersion | None:
    """Read `v1.2.3` or `1.2.3` after `prefix`; None for a tag that does not try to be a version.

    `pkg@1.2.3` is nearly a version, unless `prefix` is `pkg@`.
    """
    if not name.startswith(prefix):
        return None
    rest = name[len(prefix) :]
    core = _CORE.fullmatch(rest)
    if core is None:
        return _nearly(name, rest, prefix)
    if _LONG_NUMBER.search(core[1]):
        return NearlyVersion(name, f"has a number of more than {_DIGITS} digits")
    if not Version.is_valid(core[1]):
        return NearlyVersion(name, "has a leading zero or an empty part")
    return Version.parse(core[1])


def _nearly(name: str, rest: str, prefix: str) -> NearlyVersion | None:
    if _MANY_NUMBERS.fullmatch(rest):
        return NearlyVersion(name, "has more than three numbers")
    if _FEW_NUMBERS.fullmatch(rest):
        return NearlyVersion(name, "has fewer than three numbers")
    if _STARTS_LIKE_ONE.match(rest):
        return NearlyVersion(name, "does not follow the form 1.2.3")
    named = _PREFIXED.match(rest)
    if named is None:
        return None
    before = prefix + named["prefix"]
    return NearlyVersion(name, f"has “{before}” before the version", before)


def is_stable(version: Version) -> bool:
    """Whether it is no pre-release."""
    return version.prerelease is None


def precedence_key(version: Version) -> str:
    """A text that sorts, by code point, as SemVer §11 orders versions (for a "C" collation)."""
    core = ".".join(f"{n:0{_DIGITS}d}" for n in (version.major, version.minor, version.patch))
    if version.prerelease is None:
        return f"{core} ~"
    # A blank sorts before anything an identifier may hold, so the shorter list comes first.
    return f"{core} {' '.join(map(_identifier, version.prerelease.split('.')))}"


def _identifier(text: str) -> str:
    return f"0{int(text):0{_DIGITS}d}" if text.isdigit() else f"1{text}"


def highest(versions: Iterable[Version]) -> Version | None:
    """The one of highest precedence, or None of none."""
    return max(versions, key=precedence_key, default=None)


def predecessors(versions: Iterable[Version]) -> dict[Version, Version | None]:
    """Which version each one follows: the next lower one; a stable one follows a stable one."""
    before: dict[Version, Version | None] = {}
    lower = stable = None
    for version in sorted(versions, key=precedence_key):
        before[version] = stable if is_stable(version) else lower
        lower = version
        stable = version if is_stable(version) else stable
    return before
