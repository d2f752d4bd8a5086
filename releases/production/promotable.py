"""May this go out? What pressing Promote would say now."""

from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.core.gates import Checklist

from ..models.environment import Environment
from ..models.promotion import Promotion
from ..models.release import Release

NOT_ASKED = "Nobody has asked for its promotion."


@dataclass(frozen=True)
class Answer:
    """Yes or no with its reason; `checklist` is empty where no promotion waits."""

    release: Release
    promotion: Promotion | None
    checklist: Checklist
    sentence: str

    @property
    def is_promotable(self) -> bool:
        return self.checklist.is_clear


def may_go_out(release: Release, now: datetime) -> Answer:
    """Ask the gates about the release's promotion to production, from what is known locally."""
    promotion = (
        Promotion.objects.filter(release=release, environment__kind=Environment.Kind.PRODUCTION)
        .select_related("release__project", "environment__project")
        .prefetch_related("approvals")
        .first()
    )
    if promotion is None:
        return Answer(release, None, Checklist(), NOT_ASKED)
    if not promotion.is_requested:
        state = Promotion.State(promotion.state).label.lower()
        return Answer(release, promotion, Checklist(), f"Its promotion is {state} already.")
    checklist = promotion.evaluate(now)
    said = "Every gate is clear." if checklist.is_clear else checklist.refusal
    return Answer(release, promotion, checklist, said)
