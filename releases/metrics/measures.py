"""The five measures: what each is called, how it is said, and what it means."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from agentmesh_release.core.figures import number
from agentmesh_release.core.times import span

from .figures import Figures

Of = Callable[[Figures], float | None]
Said = Callable[[float], str]


@dataclass(frozen=True)
class Measure:
    """One measure: `of` takes it from figures, `say` writes it. `lower_is_better`, and of what it
    is a share where nothing could be counted, in `missing`."""

    key: str
    name: str
    of: Of
    say: Said
    missing: str
    definition: str
    lower_is_better: bool = True

    def said(self, figures: Figures | None) -> str:
        """The figure in words; "not known" where production was not watched."""
        if figures is None:
            return "not known"
        amount = self.of(figures)
        return self.missing if amount is None else self.say(amount)


def _a_week(amount: float) -> str:
    return f"{number(amount, places=1)} a week"


def _percent(amount: float) -> str:
    return number(amount, "%", places=0 if amount in (0, 100) else 1)


def _length(seconds: float) -> str:
    return span(timedelta(seconds=seconds), short=seconds >= 3 * 86_400)


MEASURES = (
    Measure(
        "frequency",
        "Deployment frequency",
        lambda figures: figures.per_week,
        _a_week,
        "no full week yet",
        "How often production changed: promotions, rollbacks, and what went live outside "
        "AgentMesh Release. What was found live at import is no deployment.",
        lower_is_better=False,
    ),
    Measure(
        "lead",
        "Lead time",
        lambda figures: figures.lead_s,
        _length,
        "no commit",
        "From a commit to the moment at which production first ran it. Half of the commits took "
        "no longer than the median, nine of ten no longer than p90; both are read off a "
        "scale and right to within a few percent. "
        "Merges do not count, and neither does what went live without a release.",
    ),
    Measure(
        "failures",
        "Change failure rate",
        lambda figures: figures.failure_rate,
        _percent,
        "no change",
        "The share of changes that were rolled back, or after which an incident on the same "
        "project began within two hours while they were live. Rollbacks are no changes. A "
        "promotion that failed before it went live hurt nobody and does not count.",
    ),
    Measure(
        "restore",
        "Time to restore",
        lambda figures: figures.restore_s,
        _length,
        "no failure",
        "How long a failed change hurt: until its incident was resolved, counted from the "
        "incident's beginning; without an incident, from going live until the rollback. The "
        "median; what is not restored yet is not in it.",
    ),
    Measure(
        "rework",
        "Rework rate",
        lambda figures: figures.rework_rate,
        _percent,
        "no deployment",
        "The share of deployments that nobody had planned: rollbacks, the first change after a "
        "rollback, and changes that went live during an incident on the same project.",
    ),
)
BY_KEY = {measure.key: measure for measure in MEASURES}
