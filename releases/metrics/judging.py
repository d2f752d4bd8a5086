"""What a change of production was: planned or rework, good or failed. Pure.

A change failed when it was rolled back, or when an incident began while it was live and no more
than `failures.SUSPECT` after it went live.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ..models.activation import Activation
from ..models.delivery import Delivery
from .failures import SUSPECT, Failure

ROLLBACK = Activation.Origin.ROLLBACK
# Found at import: it was live already, so nothing was deployed.
NO_DEPLOYMENT = Activation.Origin.FOUND


@dataclass(frozen=True)
class Judged:
    """How one activation counts; the fields are those of `Delivery`."""

    kind: str
    rework: str = ""
    failed_by: str = ""
    cause: str = ""
    cause_url: str = ""
    broken_at: datetime | None = None
    restored_at: datetime | None = None


def judge(
    activation: Activation,
    before: Activation | None,
    after: Activation | None,
    failures: Sequence[Failure],
) -> Judged:
    """Judge one activation between its neighbours in the same environment."""
    if activation.origin == ROLLBACK:
        return Judged(Delivery.Kind.ROLLBACK, Delivery.Rework.ROLLBACK)
    rework = _rework(activation, before, failures)
    if failure := _blamed(activation, after, failures):
        return Judged(
            Delivery.Kind.CHANGE,
            rework,
            Delivery.FailedBy.INCIDENT,
            failure.name,
            failure.url,
            failure.began,
            failure.restored,
        )
    if after and after.origin == ROLLBACK:
        return Judged(
            Delivery.Kind.CHANGE,
            rework,
            Delivery.FailedBy.ROLLBACK,
            broken_at=activation.since,
            restored_at=after.since,
        )
    return Judged(Delivery.Kind.CHANGE, rework)


def _rework(activation: Activation, before: Activation | None, failures: Sequence[Failure]) -> str:
    if before and before.origin == ROLLBACK:
        return Delivery.Rework.REPAIR
    if any(failure.lasts_at(activation.since) for failure in failures):
        return Delivery.Rework.HOTFIX
    return ""


def _blamed(
    activation: Activation, after: Activation | None, failures: Sequence[Failure]
) -> Failure | None:
    """The first failure that began while it was live, and soon."""
    end = min(activation.since + SUSPECT, after.since if after else activation.since + SUSPECT)
    return next((each for each in failures if activation.since <= each.began < end), None)
