"""What the metrics pages show: figures against the period before, trends, projects side by side."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery

from agentmesh_release.core.columns import ColumnChart, Value, column_chart
from agentmesh_release.core.figures import count

from ..models.activation import Activation
from ..models.environment import Environment
from ..models.project import Project
from .figures import BEFORE, NOW, Figures, Group, Told
from .measures import BY_KEY, MEASURES, Measure


@dataclass(frozen=True)
class Headline:
    """One measure of the period; `trend` compares it with the period before, in words."""

    measure: Measure
    said: str
    note: str
    trend: str


@dataclass(frozen=True)
class Line:
    """One project among others."""

    project: Project
    figures: Figures

    @property
    def cells(self) -> list[tuple[str, str]]:
        return cells(self.figures)


def known_since(projects: Iterable[int]) -> dict[int, datetime]:
    """By project, since when is known what its production runs; one look at an index for each."""
    first = Activation.objects.filter(environment=OuterRef("pk")).order_by("since").values("since")
    rows = Environment.objects.filter(
        kind=Environment.Kind.PRODUCTION, project__in=list(projects)
    ).annotate(known=Subquery(first[:1]))
    return {row.project_id: row.known for row in rows if row.known}


def headlines(told: Told, since: datetime | None) -> list[Headline]:
    """The five measures of the period."""
    now, before = told.of(NOW, since), told.of(BEFORE, since)
    return [
        Headline(measure, measure.said(now), _note(measure, now), _trend(measure, now, before))
        for measure in MEASURES
    ]


def _note(measure: Measure, figures: Figures | None) -> str:
    if figures is None:
        return ""
    match measure.key:
        case "frequency":
            return f"{figures.deployments:,} in all"
        case "lead" if figures.lead_p90_s is not None:
            return f"p90 {measure.say(figures.lead_p90_s)}, {count(figures.commits, 'commit')}"
        case "failures" if figures.changes:
            return f"{figures.failed:,} of {figures.changes:,}"
        case "restore" if figures.unrestored:
            return f"{figures.unrestored:,} not restored yet"
        case "rework" if figures.deployments:
            return f"{figures.rework:,} of {figures.deployments:,}"
    return ""


def _trend(measure: Measure, now: Figures | None, before: Figures | None) -> str:
    amount = measure.of(now) if now else None
    earlier = measure.of(before) if before else None
    if earlier is None:
        return "not known before" if before is None else f"{measure.missing} before"
    said = measure.say(earlier)
    if amount is None:
        return f"{said} before"
    if measure.say(amount) == said:
        return "as before"
    is_better = (amount < earlier) == measure.lower_is_better
    return f"{said} before, {'better' if is_better else 'worse'} now"


Weeks = list[tuple[datetime, Figures | None]]


def weeks(told: Told, since: datetime | None) -> Weeks:
    """When each week begins and its figures, the earliest first."""
    begin = told.period.weeks
    return [
        (at, told.of(Group(True, len(begin) - 1 - n, None), since)) for n, at in enumerate(begin)
    ]


def charts(by_week: Weeks) -> list[ColumnChart]:
    """The five measures by week."""
    return [
        column_chart(
            f"weekly-{measure.key}",
            measure.name,
            [_value(measure, at, figures) for at, figures in by_week],
            measure.say,
        )
        for measure in MEASURES
    ]


def _value(measure: Measure, at: datetime, figures: Figures | None) -> Value:
    amount = measure.of(figures) if figures else None
    return Value(at, amount, measure.said(figures), is_known=figures is not None)


def cells(figures: Figures | None) -> list[tuple[str, str]]:
    """What a table says of these figures, with the names of its columns."""
    return [(measure.name, measure.said(figures)) for measure in MEASURES]


def lines(
    told: Told, projects: Sequence[Project], since: dict[int, datetime], by: str, *, falling: bool
) -> list[Line]:
    """The projects whose production is known, by the measure of that key or by name; what has no
    figure comes last either way."""
    found = [
        Line(project, figures)
        for project in projects
        if (figures := told.of(Group(True, None, project.pk), since.get(project.pk)))
    ]
    measure = BY_KEY.get(by)
    if measure is None:
        return sorted(found, key=lambda line: line.project.name, reverse=falling)
    with_one = [line for line in found if measure.of(line.figures) is not None]
    with_one.sort(key=lambda line: measure.of(line.figures) or 0, reverse=falling)
    return with_one + [line for line in found if measure.of(line.figures) is None]
