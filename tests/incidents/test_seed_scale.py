"""The large made-up world: as much as was asked for, unevenly, whole, and only where it may be."""

from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection

from agentmesh_release.core import seals
from agentmesh_release.core.models import World
from releases.metrics import deliveries
from releases.models import Activation, Commit, Project, Release
from releases.scale import Plan
from releases.scale.history import landings
from tests.releases.conftest import Api

pytestmark = pytest.mark.django_db


def seed(**wish: object) -> None:
    few = {"projects": 4, "releases": 60, "commits": 600, "audit_events": 30, **wish}
    call_command("seed_scale", stdout=StringIO(), **few)


def indexes() -> set[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'")
        return set(cursor.fetchall())


def test_it_makes_what_was_asked_for_and_half_of_it_in_one_project(demo_world: World) -> None:
    before = indexes()
    seed()
    assert Commit.objects.count() == 600
    assert Release.objects.count() == 60
    assert Project.objects.get(slug="scale-000").commits.count() == pytest.approx(300, abs=5)
    assert Activation.objects.live().count() <= 4
    assert indexes() == before


def test_its_audit_log_is_sealed_like_any_other(demo_world: World) -> None:
    seed()
    found = seals.verify(settings.AUDIT_KEY.encode())
    assert (found.sealed, found.findings) == (30, ())


def test_the_same_plan_has_the_same_history() -> None:
    plan = Plan(3, 20, 90, seed=7, now=datetime(2026, 11, 24, tzinfo=UTC))
    other = replace(plan, seed=8)
    size = next(plan.sizes())
    assert list(landings(plan, size)) == list(landings(plan, size))
    assert list(landings(plan, size)) != list(landings(other, size))


def test_deliveries_can_be_derived_of_it(demo_world: World) -> None:
    seed()
    derived = sum(deliveries.refresh(each) for each in Project.objects.all())
    assert derived == Activation.objects.count() > 20


def test_it_refuses_where_there_are_projects(api: Api) -> None:
    with pytest.raises(CommandError, match="There are projects already"):
        seed()
    seed(beside=True)
    assert Project.objects.count() == 5
    with pytest.raises(CommandError, match="made-up history already"):
        seed(beside=True)


@pytest.mark.parametrize("kind", ["real", ""])
def test_it_refuses_any_world_but_a_demo(db: None, kind: str) -> None:
    if kind:
        World.objects.create(id=1, kind=kind, name="AgentMesh Cloud")
    with pytest.raises(CommandError, match=r"real world|no world"):
        seed()
    assert not Project.objects.exists()
