"""Imports and readings at the same instant: one after the other, and nothing twice."""

from pathlib import Path

import pytest

from releases.evidence import trunk
from releases.models import Commit, Project, Release
from tests.at_once import at_once
from tests.releases.imports import NOW, everything, imported
from tests.releases.repositories import Drawing
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db(transaction=True)


def test_one_path_imported_twice_at_once_is_one_project(tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "api")
    for number in range(20):
        drawing.commit()
        drawing.tag(f"v1.{number}.0")
    path = drawing.make()
    assert at_once(*[lambda: imported(path)] * 3) == ["done"] * 3
    assert (Project.objects.count(), Commit.objects.count(), Release.objects.count()) == (1, 20, 20)


def test_two_paths_of_one_name_at_once_get_slugs_of_their_own(tmp_path: Path) -> None:
    paths = [Drawing(tmp_path / at / "api").make() for at in "ab"]
    assert at_once(*[lambda path=path: imported(path) for path in paths]) == ["done"] * 2
    assert set(Project.objects.values_list("slug", flat=True)) == {"api", "api-2"}


def test_readings_and_an_import_at_once_come_to_the_same(demo: Demo) -> None:
    for name in "def":
        demo.land(f"feat: {name}")
    demo.tag("v1.2.0", demo.land("feat: g"))

    def read() -> None:
        trunk.read(Project.objects.get(), NOW)

    assert at_once(read, read, lambda: imported(demo.path), read) == ["done"] * 4
    project = demo.read()
    assert project.commits.filter(is_on_head=True).count() == 7
    assert (project.releases.count(), project.draft.commit_count) == (3, 0)
    before = everything(project)
    assert everything(demo.read()) == before
