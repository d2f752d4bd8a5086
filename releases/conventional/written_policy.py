"""A policy as JSON, as a project keeps it and `--policy FILE` gives it; what is left out is as the
seed has it.

    {"types": [{"name": "feat", "title": "Features", "bump": "minor", "folded": false}, …],
     "breaking_in_zero": "minor", "first_version": "0.1.0", "channels": ["beta", "rc"]}
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from releases.conventional.changelog import BREAKING, OTHER
from releases.conventional.policy import DEFAULT_POLICY, Bump, ChangeType, Policy
from releases.conventional.versions import NearlyVersion, is_stable, read_tag

MOST_TYPES = 40
MOST_CHANNELS = 8
LONGEST_TITLE = 60
_TYPE = re.compile(r"[a-z][a-z0-9_-]{0,39}", re.ASCII)
# SemVer 2.0.0 §9; with a letter, so that the number after it is the only one.
_CHANNEL = re.compile(r"(?=.{1,40}\Z)[0-9A-Za-z-]*[A-Za-z-][0-9A-Za-z-]*", re.ASCII)


class BadPolicy(ValueError):
    """The JSON is no policy; the text is a sentence that says why."""


def as_json(policy: Policy) -> dict[str, Any]:
    """The policy in JSON's own types."""
    return {
        "types": [
            {
                "name": each.name,
                "title": each.title,
                "bump": each.bump.name.lower() if each.bump else None,
                "folded": each.is_folded,
            }
            for each in policy.types
        ],
        "breaking_in_zero": policy.breaking_in_zero.name.lower(),
        "first_version": policy.first_version,
        "channels": list(policy.channels),
    }


def from_json(data: object) -> Policy:
    """What `as_json` gave, or a person wrote. Raises BadPolicy."""
    if not isinstance(data, dict):
        raise BadPolicy('A policy is an object, such as {"channels": ["rc"]}.')
    strange = data.keys() - as_json(DEFAULT_POLICY).keys()
    if strange:
        raise BadPolicy(f"A policy has no “{min(map(str, strange))[:40]}”.")
    full = {**as_json(DEFAULT_POLICY), **data}
    return Policy(
        types=_types(full["types"]),
        breaking_in_zero=_bump(full["breaking_in_zero"], "A breaking change before 1.0.0"),
        first_version=_first(full["first_version"]),
        channels=_channels(full["channels"]),
    )


def is_channel(text: str) -> bool:
    """Whether a pre-release may be called so: letters, digits and hyphens, at least one letter."""
    return _CHANNEL.fullmatch(text) is not None


def _types(listed: object) -> tuple[ChangeType, ...]:
    if not isinstance(listed, list) or not 1 <= len(listed) <= MOST_TYPES:
        raise BadPolicy(f"A policy lists 1 to {MOST_TYPES} types of commit.")
    types = tuple(map(_type, listed))
    _once((each.name for each in types), "The type")
    return types


def _type(each: object) -> ChangeType:
    if not isinstance(each, dict) or not isinstance(name := each.get("name"), str):
        raise BadPolicy('Each type has a name, such as {"name": "feat"}.')
    if not _TYPE.fullmatch(name) or name in (BREAKING, OTHER):
        raise BadPolicy(
            f"“{name[:40]}” is no name for a type: lower-case letters, digits and hyphens, a "
            f"letter first, and neither {BREAKING} nor {OTHER}."
        )
    usual = DEFAULT_POLICY.type_named(name)
    title = each.get("title", usual.title if usual else name.capitalize())
    if not isinstance(title, str) or not title.isprintable() or not title.strip():
        raise BadPolicy(f"The heading of {name} is a line of text.")
    if len(title) > LONGEST_TITLE:
        raise BadPolicy(f"The heading of {name} has at most {LONGEST_TITLE} characters.")
    bump = each.get("bump")
    is_folded = each.get("folded", bump is None)
    if not isinstance(is_folded, bool):
        raise BadPolicy(f"{name} is folded or not: true or false.")
    return ChangeType(name, title.strip(), _bump(bump, name) if bump else None, is_folded)


def _bump(text: object, what: str) -> Bump:
    if not isinstance(text, str) or text.upper() not in Bump.__members__:
        raise BadPolicy(f"{what} asks for patch, minor or major.")
    return Bump[text.upper()]


def _first(text: object) -> str:
    version = read_tag(text) if isinstance(text, str) and len(text) <= LONGEST_TITLE else None
    if version is None or isinstance(version, NearlyVersion) or not is_stable(version):
        raise BadPolicy("The first version is one such as 0.1.0 or 1.0.0.")
    return str(version)


def _channels(listed: object) -> tuple[str, ...]:
    if not isinstance(listed, list) or len(listed) > MOST_CHANNELS:
        raise BadPolicy(f"A policy lists at most {MOST_CHANNELS} channels of pre-releases.")
    for name in listed:
        if not isinstance(name, str) or not is_channel(name):
            raise BadPolicy(
                f"“{str(name)[:40]}” is no channel: it has letters, digits and hyphens, and at "
                "least one letter."
            )
    _once(listed, "The channel")
    return tuple(listed)


def _once(names: Iterable[str], what: str) -> None:
    for name in _doubled(names):
        raise BadPolicy(f"{what} {name} is listed twice.")


def _doubled(names: Iterable[str]) -> Iterator[str]:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            yield name
        seen.add(name)
