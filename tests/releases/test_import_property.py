"""Whatever the history: importing it in parts gives what importing it at once gives."""

import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from releases.models import Commit, Project
from tests.releases.imports import everything, imported
from tests.releases.repositories import Drawing, git

pytestmark = pytest.mark.django_db

MESSAGES = ("feat: x", "fix: x (#7)", "feat!: x", "docs: x", "whatever")
VERSIONS = (
    "v0.1.0",
    "v0.2.0-rc.1",
    "v0.2.0",
    "v1.0.0-beta.2",
    "v1.0.0",
    "v1.0.1",
    "2.0.0",
    "v10.0.0",
)


@dataclass(frozen=True)
class Act:
    """A commit on one or two earlier ones, which then may get a tag."""

    message: str
    parents: tuple[int, ...]
    hour: int
    tag: str


ACTS = st.lists(
    st.builds(
        Act,
        st.sampled_from(MESSAGES),
        st.lists(st.integers(0, 3), max_size=2, unique=True).map(tuple),
        st.integers(1, 9),
        st.sampled_from(("", "", *VERSIONS)),
    ),
    min_size=1,
    max_size=12,
)


def draw(path: Path, acts: list[Act]) -> Path:
    """The history of these acts; `parents` count back from the newest commit."""
    shutil.rmtree(path, ignore_errors=True)
    drawing = Drawing(path)
    tagged: set[str] = set()
    for number, act in enumerate(acts, start=1):
        parents = tuple(dict.fromkeys(max(1, number - 1 - back) for back in act.parents))
        drawing.commit(act.message, parents=parents if number > 1 else (), hour=act.hour + number)
        if act.tag and act.tag not in tagged:
            tagged.add(act.tag)
            drawing.tag(act.tag, hour=20 + act.hour)
    return drawing.make()


def unordered(project: Project, path: Path) -> dict[str, Any]:
    """What is stored, whatever the order of commits that do not follow each other, and without
    those that nothing in the repository leads to any more."""
    found = everything(project)
    there = git(path, "rev-list", "--all").split()
    found["commits"] = sorted(repr(each) for each in found["commits"] if each[0] in there)
    for key in ("changelogs", "draft"):
        found[key] = sorted(repr(found[key]))
    return found


def no_commit_is_above_a_child(project: Project, path: Path) -> bool:
    positions = dict(Commit.objects.filter(project=project).values_list("sha", "position"))
    links = (line.split() for line in git(path, "rev-list", "--all", "--parents").splitlines())
    return all(
        positions[parent] < positions[sha]
        for sha, *parents in links
        if sha in positions
        for parent in parents
    )


@settings(
    max_examples=6,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(acts=ACTS, first=st.integers(0, 12))
def test_in_parts_or_at_once(
    acts: list[Act], first: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("history")
    path = draw(folder / "api", acts[:first]) if acts[:first] else Drawing(folder / "api").make()
    imported(path)
    project = imported(draw(path, acts)).project
    assert no_commit_is_above_a_child(project, path)
    in_parts = unordered(project, path)
    imported(path)
    assert unordered(Project.objects.get(), path) == in_parts
    project.delete()
    assert unordered(imported(path).project, path) == in_parts
    Project.objects.all().delete()
