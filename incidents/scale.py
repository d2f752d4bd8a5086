"""Components, objectives and incidents of a large made-up world (`manage.py seed_scale`)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from agentmesh_release.core.filling import Row, fill, first_free_id
from releases.scale import Plan
from releases.scale.production import Course

from .models import Component, Entry, Incident, Slo
from .objectives import OBJECTIVES

_HURTS = 0.03
_TITLES = ("Calls fail", "Pages load slowly", "Sign-in does not work", "Runs start twice")
_STATES = ("investigating", "identified", "monitoring", "resolved")


@dataclass(frozen=True)
class Trouble:
    """An incident to be: which component it hurts, from when to when."""

    component: int
    severity: str
    title: str
    opened_at: datetime
    resolved_at: datetime


def fill_incidents(plan: Plan, courses: Sequence[Course]) -> int:
    """All of it; answers how many incidents there are."""
    first = first_free_id(Component)
    fill(
        Component,
        ("id", "name", "project", "position"),
        ((first + n, each.place.size.slug, each.place.pk, n) for n, each in enumerate(courses)),
    )
    fill(
        Slo,
        ("project", "key", "limit", "value", "budget_left", "read_at"),
        (
            (each.place.pk, objective.key, objective.limit, 1.0 if objective.at_least else 0.0,
             0.8, plan.now)
            for each in courses
            for objective in OBJECTIVES
        ),
    )  # fmt: skip
    troubles = [
        trouble for n, each in enumerate(courses) for trouble in _troubles(plan, each, first + n)
    ]
    return _fill(sorted(troubles, key=lambda each: each.opened_at))


def _troubles(plan: Plan, course: Course, component: int) -> Iterator[Trouble]:
    """Now and then what goes live hurts, some minutes later."""
    dice = plan.chance(course.place.size.number, "incidents")
    for lived in course.lived:
        opened_at = lived.since + timedelta(minutes=dice.uniform(2, 80))
        resolved_at = opened_at + timedelta(minutes=dice.lognormvariate(4, 0.8))
        if lived.origin == "promotion" and dice.random() < _HURTS and resolved_at < plan.now:
            yield Trouble(
                component,
                dice.choice(Incident.Severity.values),
                dice.choice(_TITLES),
                opened_at,
                resolved_at,
            )


def _fill(troubles: Sequence[Trouble]) -> int:
    first, number = first_free_id(Incident), _next_number()
    count = fill(
        Incident,
        ("id", "number", "title", "severity", "state", "declared_by", "opened_at", "resolved_at"),
        (
            (first + n, number + n, each.title, each.severity, "resolved", "Cleo", each.opened_at,
             each.resolved_at)
            for n, each in enumerate(troubles)
        ),
    )  # fmt: skip
    fill(
        Incident.components.through,
        ("incident", "component"),
        ((first + n, each.component) for n, each in enumerate(troubles)),
    )
    fill(
        Entry,
        ("incident", "kind", "state", "text", "by", "at"),
        (row for n, each in enumerate(troubles) for row in _entries(first + n, each)),
    )
    return count


def _next_number() -> int:
    last = Incident.objects.order_by("-number").values_list("number", flat=True).first()
    return (last or 0) + 1


def _entries(incident: int, trouble: Trouble) -> Iterator[Row]:
    length = trouble.resolved_at - trouble.opened_at
    for step, state in enumerate(_STATES):
        at = trouble.opened_at + length * step / (len(_STATES) - 1)
        yield (incident, "update", state, f"We are at it: {state}.", "Cleo", at)
