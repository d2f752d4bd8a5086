"""The protection of a branch as rows keep it, and back."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from agentmesh_release.providers.github import Demands, Protection, RequiredCheck, Unknown

from ..models.branch_protection import BranchProtection


def read(row: BranchProtection) -> Protection:
    """What the row keeps."""
    known = row.branch_checks
    return Protection(
        _source(row.classic), _source(row.rules), None if known is None else _checks(known)
    )


def fields(found: Protection) -> dict[str, Any]:
    """The columns that keep it."""
    known = found.branch_checks
    return {
        "classic": _kept(found.classic),
        "rules": _kept(found.rules),
        "branch_checks": None if known is None else _listed(known),
    }


def _source(kept: dict[str, Any]) -> Demands | Unknown:
    if "unknown" in kept:
        return Unknown(kept["unknown"])
    return Demands(
        **{
            **kept,
            "required_checks": _checks(kept["required_checks"]),
            "kinds": tuple(kept["kinds"]),
            "message_patterns": tuple(kept["message_patterns"]),
        }
    )


def _kept(source: Demands | Unknown) -> dict[str, Any]:
    if isinstance(source, Unknown):
        return {"unknown": source.why}
    return {**asdict(source), "required_checks": _listed(source.required_checks)}


def _checks(kept: Iterable[dict[str, Any]]) -> frozenset[RequiredCheck]:
    return frozenset(RequiredCheck(**each) for each in kept)


def _listed(checks: Iterable[RequiredCheck]) -> list[dict[str, Any]]:
    return sorted((asdict(each) for each in checks), key=lambda each: each["name"])
