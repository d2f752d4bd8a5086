"""Cutting after a merge, where the project's policy says so.

It is the button's own verb, pressed by the system once nothing is missing. What is missing is kept
on the draft, so that people read what it waits for. A head is cut once: with it the draft is empty.
"""

from datetime import datetime

from agentmesh_release.core import live
from agentmesh_release.core.actors import Actor
from agentmesh_release.core.refusals import Refused

from ..models.draft import Draft
from ..models.environment import Environment
from ..models.hold import Hold
from ..models.project import Project
from ..models.release import Release
from .cutting import cut
from .validation import kept

ACTOR = Actor.system("automatic-cut")
REASON = "After a merge, as the project's policy says."


def consider(project: Project, now: datetime) -> Release | None:
    """Cut the project's draft if its policy says so and nothing is missing; else note what is."""
    present = Project.objects.select_related("draft").get(pk=project.pk)
    draft: Draft | None = getattr(present, "draft", None)
    if present.cuts != Project.Cuts.AFTER_MERGE or present.is_archived or draft is None:
        return None
    if not draft.version or draft.head_sha != present.trunk_sha:
        return None
    waits = _missing(present, draft, now)
    if not waits:
        try:
            return cut(present, by=ACTOR, head_sha=draft.head_sha, reason=REASON, now=now)
        except Refused as refusal:
            waits = refusal.sentence
    _wait(draft, waits)
    return None


def _missing(project: Project, draft: Draft, now: datetime) -> str:
    """What it waits for, in sentences; empty if nothing is missing."""
    holds = Hold.objects.standing().filter(
        environment__project=project, environment__kind=Environment.Kind.PRODUCTION
    )
    if hold := holds.first():
        return f"Automation is on hold: {hold.reason}"
    checklist = kept(draft, now)
    return "" if checklist.is_clear else checklist.refusal


def _wait(draft: Draft, sentence: str) -> None:
    """Say what it waits for, unless the draft has changed meanwhile."""
    same = Draft.objects.filter(pk=draft.pk, version=draft.version, head_sha=draft.head_sha)
    if same.exclude(waits_for=sentence).update(waits_for=sentence):
        live.stale(f"project:{draft.project.slug}")
