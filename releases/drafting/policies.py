"""Changing how a project makes versions: audited, and its draft follows at once.

What was cut stays as it is: its changelog was frozen under the policy of that day.
"""

from datetime import datetime
from typing import Any

from django.db import transaction

from agentmesh_release.core import audit, live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from ..conventional.written_policy import BadPolicy, as_json, from_json
from ..models.project import Project
from . import drafts
from .fingerprints import fingerprint


def present(project: Project) -> dict[str, Any]:
    """The whole policy of the project in JSON's own types, `cuts` with it."""
    return {**as_json(project.policy), "cuts": project.cuts}


def mark_of(project: Project) -> str:
    """A short name of the present policy, by which a form says what it was made from."""
    return fingerprint(present(project))


def change(
    project: Project, wanted: dict[str, Any], *, seen: str, by: Actor, reason: str, now: datetime
) -> None:
    """Give the project this policy (as `present` has it) and compute its draft again.

    `seen` is `mark_of` what the person saw. Raises Refused: `bad_policy`, `changed_meanwhile`,
    `unchanged`.
    """
    versioning, cuts = _read(wanted)
    with transaction.atomic(), live.one_notice():
        locked = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        if seen != mark_of(locked):
            raise Refused(
                "changed_meanwhile",
                "Somebody changed the policy since you opened this page. What you typed is still "
                "here; open the page again beside it to see theirs.",
            )
        before = present(locked)
        locked.versioning, locked.cuts = versioning, cuts
        after = present(locked)
        if before == after:
            raise Refused("unchanged", "Nothing is different, so nothing was saved.", status=422)
        locked.save(update_fields=["versioning", "cuts"])
        audit.record(
            "policy.change",
            actor=by,
            subject=f"project:{locked.pk}",
            label=str(locked),
            scope=locked.slug,
            reason=reason,
            data={
                name: {"from": before[name], "to": after[name]}
                for name in after
                if before[name] != after[name]
            },
        )
        drafts.recompute(locked, now)


def _read(wanted: dict[str, Any]) -> tuple[dict[str, Any], str]:
    cuts = wanted.get("cuts")
    if cuts not in Project.Cuts.values:
        raise Refused("bad_policy", "Releases are cut by hand or after a merge.", status=422)
    try:
        policy = from_json({name: value for name, value in wanted.items() if name != "cuts"})
    except BadPolicy as bad:
        raise Refused("bad_policy", str(bad), status=422) from None
    return as_json(policy), cuts
