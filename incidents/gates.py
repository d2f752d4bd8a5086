"""The gate on the error budget, and the signs that are watched after a promotion."""

from datetime import datetime

from agentmesh_release.core.gates import Gate, Verdict, gate, gates
from releases.models import Promotion
from releases.models.promotion import AFTER, BEFORE

from .models import Slo
from .objectives import NBSP, OBJECTIVES

FRESH_S = 90.0


@gate("slo", "SLO in budget", phase=BEFORE, fresh_s=FRESH_S)
def slo_in_budget(promotion: Promotion) -> Verdict:
    """Every objective is met now, and has error budget left."""
    slos = list(Slo.objects.filter(project=promotion.environment.project_id))
    if not slos or any(slo.read_at is None for slo in slos):
        return Verdict("inconclusive", "Prometheus has not been asked yet.")
    as_of = min(slo.read_at for slo in slos if slo.read_at)
    if unknown := [slo for slo in slos if slo.value is None]:
        said = " ".join(f"{slo.objective.label}: {slo.trouble}" for slo in unknown)
        return Verdict("inconclusive", said, way="Unknown does not count as met.", as_of=as_of)
    if missed := [slo for slo in slos if not slo.is_met]:
        said = "; ".join(f"{slo.objective.label} {slo.said}" for slo in missed)
        return Verdict("failed", f"{said}.", way="Clears when it is within its limit.", as_of=as_of)
    return _budget(slos, as_of)


def _budget(slos: list[Slo], as_of: datetime) -> Verdict:
    with_budget = [slo for slo in slos if slo.objective.has_budget]
    if unknown := [slo.objective.label for slo in with_budget if slo.budget_left is None]:
        return Verdict(
            "inconclusive",
            f"The budget of 30 days is not known: {', '.join(unknown)}.",
            way="Unknown does not count as met.",
            as_of=as_of,
        )
    left = min((slo.budget_left or 0.0) for slo in with_budget)
    if left <= 0:
        return Verdict(
            "failed",
            "The error budget of 30 days is used up.",
            way="Clears as the bad days leave the window.",
            as_of=as_of,
        )
    return Verdict(
        "passed",
        f"All {len(slos)} objectives are met; {left * 100:.0f}{NBSP}% of the budget of "
        "30 days is left.",
        as_of=as_of,
    )


def _sign(key: str) -> Gate:
    """A gate of the phase after: one objective, as it is read while the watch goes on."""
    objective = next(each for each in OBJECTIVES if each.key == key)

    def evaluate(promotion: Promotion) -> Verdict:
        slo = Slo.objects.filter(project=promotion.environment.project_id, key=key).first()
        if slo is None or slo.read_at is None:
            return Verdict("inconclusive", "Prometheus has not been asked yet.")
        if slo.value is None:
            return Verdict("inconclusive", slo.trouble, as_of=slo.read_at)
        return Verdict("passed" if slo.is_met else "failed", f"{slo.said}.", as_of=slo.read_at)

    return Gate(f"after-{key}", objective.label, AFTER, FRESH_S, evaluate)


for _objective in OBJECTIVES:
    gates.register(f"after-{_objective.key}", _sign(_objective.key))
