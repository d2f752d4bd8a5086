"""The lists find their rows by an index, on a world large enough for the planner to care."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db.models import QuerySet

from agentmesh_release.core.models import AuditEvent, World
from agentmesh_release.core.owning import analyse
from releases.models import Commit, Project, Release

pytestmark = pytest.mark.django_db


def lists() -> dict[str, QuerySet]:  # type: ignore[type-arg]
    project = Project.objects.get(slug="scale-001")
    return {
        "history": Release.objects.order_by("-pk")[:31],
        "history of a project": Release.objects.filter(project=project).order_by("-precedence")[:9],
        "draft": Commit.objects.filter(project=project).unreleased().order_by("-position")[:51],
        "changelog": Commit.objects.filter(stable_release=project.releases.first()),
        "rare words": Commit.objects.all().saying("nowhere"),
        "start of a commit": Commit.objects.filter(sha__startswith="abcdef0"),
        "audit log": AuditEvent.objects.order_by("-pk")[:51],
        "rare words of the audit log": AuditEvent.objects.all().saying("nowhere"),
        "audit log of a person": AuditEvent.objects.filter(actor="Nobody").order_by("-pk")[:51],
    }


def test_no_list_reads_a_history_table_whole(demo_world: World) -> None:
    call_command(
        "seed_scale", projects=8, releases=400, commits=6_000, audit_events=3_000,
        stdout=StringIO(),
    )  # fmt: skip
    analyse(Commit, Release, AuditEvent)
    plans = {name: rows.explain() for name, rows in lists().items()}
    whole = [f"{name}\n{plan}" for name, plan in plans.items() if "Seq Scan" in plan]
    assert not whole, "\n\n".join(whole)
