"""What `doctor` learns from the projects' providers, all of them asked at once."""

from pathlib import Path

import pytest
from django.utils import timezone

from releases.health import providers
from releases.models import Project
from tests.releases.imports import imported
from tests.releases.repositories import Drawing
from tests.releases.sandboxed import Demo

pytestmark = pytest.mark.django_db


def test_each_provider_of_each_project_is_asked(demo: Demo) -> None:
    parts = {part.name: part for part in providers()}
    slug = demo.project.slug
    assert set(parts) == {f"{name} of {slug}" for name in ("GitHub", "Vercel", "Prometheus")}
    assert {part.state for part in parts.values()} == {"passed"}
    assert demo.project.repository in parts[f"GitHub of {slug}"].sentence


def test_what_does_not_answer_is_not_well_and_the_rest_is_told(demo: Demo) -> None:
    demo.sandbox.act("faults", provider="vercel", kind="500")
    parts = {part.name.split()[0]: part for part in providers()}
    demo.sandbox.act("faults/clear")
    assert (parts["Vercel"].state, parts["GitHub"].state) == ("inconclusive", "passed")
    assert "status page" in parts["Vercel"].mend


def test_an_open_bypass_is_not_well(demo: Demo) -> None:
    demo.act("bypass", open=True)
    (vercel,) = (part for part in providers() if part.name.startswith("Vercel"))
    assert vercel.state == "failed"
    assert "past every gate" in vercel.sentence
    assert "Close the bypass" in vercel.mend


def test_every_project_is_asked_but_archived_ones(demo: Demo, tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "other")
    drawing.commit("feat: a")
    other = imported(drawing.make()).project
    names = [part.name for part in providers()]
    assert len(names) == 6
    assert f"GitHub of {other.slug}" in names
    Project.objects.filter(pk=other.pk).update(archived_at=timezone.now())
    assert len(providers()) == 3
