"""What `doctor` learns from the projects' providers, all of them asked at once."""

from pathlib import Path

import pytest

from releases.health import providers
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


def test_what_does_not_answer_is_bad_and_the_rest_is_told(demo: Demo) -> None:
    demo.sandbox.act("faults", provider="vercel", kind="500")
    parts = {part.name.split()[0]: part for part in providers()}
    demo.sandbox.act("faults/clear")
    assert (parts["Vercel"].state, parts["GitHub"].state) == ("failed", "passed")
    assert "Mend the project's Vercel" in parts["Vercel"].mend


def test_every_project_is_asked(demo: Demo, tmp_path: Path) -> None:
    drawing = Drawing(tmp_path / "other")
    drawing.commit("feat: a")
    other = imported(drawing.make()).project
    names = [part.name for part in providers()]
    assert len(names) == 6
    assert f"GitHub of {other.slug}" in names
