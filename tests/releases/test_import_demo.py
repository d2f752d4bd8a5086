"""Importing in a demo world: the clone and what its GitHub then says are the same history."""

from collections.abc import Callable
from pathlib import Path

import pytest

from agentmesh_release.core.models import Poll
from releases.evidence import trunk
from releases.importing import Imported
from releases.models import Project
from tests.releases.imports import NOW, everything, imported, release, told
from tests.releases.repositories import Drawing, git
from tests.releases.sandboxed import Demo
from tests.releases.test_import_hostile import SUBJECTS
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db


def agrees_with_github(found: Imported) -> bool:
    """Whether reading trunk finds nothing to change."""
    before = everything(found.project)
    trunk.read(found.project, NOW)
    return everything(Project.objects.get(pk=found.project.pk)) == before


def hostile(folder: Path) -> Path:
    drawing = Drawing(folder / "hostile")
    for number, subject in enumerate(SUBJECTS):
        drawing.commit(subject)
        drawing.tag(f"v1.{number}.0")
    return drawing.make()


def empty(folder: Path) -> Path:
    return Drawing(folder / "empty").make()


def shallow(folder: Path) -> Path:
    drawing = Drawing(folder / "deep")
    for name in "abcd":
        drawing.commit(f"feat: {name}")
        drawing.tag(f"v1.{ord(name)}.0")
    git(folder, "clone", "-q", "--depth=2", f"file://{drawing.make()}", "shallow")
    return folder / "shallow"


def detached(folder: Path) -> Path:
    drawing = Drawing(folder / "source")
    for name in "abc":
        drawing.commit(f"feat: {name}")
    git(folder, "clone", "-q", str(drawing.make()), "detached")
    git(folder / "detached", "checkout", "-q", "--detach", "HEAD~1")
    return folder / "detached"


def on_a_topic(folder: Path) -> Path:
    drawing = Drawing(folder / "origin")
    drawing.commit("feat: a")
    drawing.commit("feat: b", branch="topic")
    git(folder, "clone", "-q", str(drawing.make()), "on-a-topic")
    git(folder / "on-a-topic", "checkout", "-q", "topic")
    return folder / "on-a-topic"


def branched(folder: Path) -> Path:
    drawing = Drawing(folder / "branched")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("fix: on the branch", branch="v1")
    drawing.tag("v1.0.1")
    drawing.commit("feat: b", parents=(1,))
    drawing.commit("chore: join", parents=(3, 2))
    return drawing.make()


def oddly_named(folder: Path) -> Path:
    drawing = Drawing(folder / "a b\n'c' ä;d", branch="main")
    drawing.commit("feat: a")
    return drawing.make()


@pytest.mark.parametrize(
    "make", [hostile, empty, shallow, detached, on_a_topic, branched, oddly_named]
)
def test_github_says_the_same_as_the_clone(
    tmp_path: Path, sandboxed: Running, make: Callable[[Path], Path]
) -> None:
    assert agrees_with_github(
        imported(make(tmp_path), slug=f"demo-{make.__name__}".replace("_", "-"))
    )


def test_importing_again_keeps_what_only_github_has(demo: Demo) -> None:
    Poll.objects.filter(kind="github").update(last_ok_at=NOW)
    demo.tag("v1.2.0", demo.land("feat: d"))
    demo.land("fix: e")
    before = everything(demo.read())
    assert everything(imported(demo.path).project) == before
    assert told(release(demo.project, "v1.2.0")) == ["d", "c"]


def test_what_came_into_the_clone_comes_to_github_too(demo: Demo) -> None:
    git(demo.path, "tag", "v1.1.1", "main")
    found = imported(demo.path)
    assert told(release(found.project, "v1.1.1")) == ["c"]
    assert agrees_with_github(found)
