"""Rolling releases: production traffic that moves in stages."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from agentmesh_release.providers.fields import Fields


@dataclass(frozen=True)
class Stage:
    """One stage: the share of traffic in percent, how long in SECONDS (minutes only in the
    project's configuration), and whether a person has to let it go on."""

    index: int
    percent: float
    duration_s: float | None
    requires_approval: bool
    is_final: bool


@dataclass(frozen=True)
class RollingRelease:
    """A rolling release: `state` ACTIVE, COMPLETE, ABORTED or new; `substate` PAUSED or None."""

    state: str
    substate: str | None
    base_id: str | None
    canary_id: str | None
    queued_id: str | None
    percent: float | None
    stage: Stage | None
    stages: tuple[Stage, ...]
    advancement: str | None
    started_at: datetime | None
    updated_at: datetime | None

    @classmethod
    def read(cls, fields: Fields) -> RollingRelease:
        """Read the document of a rolling release."""
        stage = fields.maybe_part("activeStage")
        return cls(
            state=fields.text("state"),
            substate=fields.maybe_text("substate"),
            base_id=fields.part("currentDeployment").maybe_text("id"),
            canary_id=fields.part("canaryDeployment").maybe_text("id"),
            queued_id=fields.maybe_text("queuedDeploymentId"),
            percent=fields.maybe_number("currentCanaryPercentage"),
            stage=None if stage is None else _stage(stage),
            stages=tuple(map(_stage, fields.parts("stages"))),
            advancement=fields.maybe_text("advancementType"),
            started_at=fields.maybe_ms("startedAt"),
            updated_at=fields.maybe_ms("updatedAt"),
        )


def _stage(fields: Fields) -> Stage:
    return Stage(
        index=fields.whole("index"),
        percent=fields.maybe_number("targetPercentage") or 0,
        duration_s=fields.maybe_number("duration"),
        requires_approval=fields.flag("requireApproval"),
        is_final=fields.flag("isFinalStage"),
    )
