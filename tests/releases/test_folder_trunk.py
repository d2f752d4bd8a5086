"""Reading trunk of a project that is one folder of its repository."""

from itertools import count
from pathlib import Path

import pytest

from releases.evidence import folder
from tests.releases.imports import imported, log
from tests.releases.repositories import Drawing
from tests.releases.sandboxed import Demo
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db
_numbers = count(1)


@pytest.fixture
def schema(sandboxed: Running, tmp_path: Path) -> Demo:
    """A project that is the folder `prisma` of a repository, with a release."""
    drawing = Drawing(tmp_path / f"folder-{next(_numbers)}")
    drawing.commit("feat: a schema", changes=["prisma/schema.prisma", "README.md"])
    drawing.tag("prisma-v1.0.0")
    drawing.commit("docs: elsewhere", changes=["README.md"])
    path = drawing.make()
    slug = f"prisma-{path.name}"
    return Demo(sandboxed, imported(path, folder="prisma", slug=slug).project, path)


def test_only_what_touches_the_folder_comes_in(schema: Demo) -> None:
    schema.land("feat: elsewhere")
    schema.act("migrations", name="a table", phase="expand")
    project = schema.read()
    assert log(project) == ["feat(db): expand a table", "feat: a schema"]
    assert (project.draft.version, project.draft.commit_count) == ("1.1.0", 1)


def test_the_head_moves_with_what_does_not_touch_it(schema: Demo) -> None:
    sha = schema.land("feat: elsewhere")
    project = schema.read()
    assert (project.trunk_sha, project.draft.head_sha, project.draft.version) == (sha, sha, "")


def test_of_many_commits_githubs_own_list_is_asked(
    schema: Demo, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder, "MOST_ASKED", 1)
    schema.act("migrations", name="a table", phase="expand")
    schema.land("feat: elsewhere")
    assert log(schema.read()) == ["feat(db): expand a table", "feat: a schema"]


def test_a_first_reading_asks_for_the_folder_alone(schema: Demo) -> None:
    schema.project.commits.all().delete()
    schema.project.trunk_sha = ""
    schema.project.save(update_fields=["trunk_sha"])
    assert log(schema.read()) == ["feat: a schema"]


def test_a_tag_elsewhere_is_what_the_next_version_follows(schema: Demo) -> None:
    schema.tag("prisma-v1.2.0", schema.land("chore: elsewhere"))
    schema.act("migrations", name="a table", phase="expand")
    project = schema.read()
    assert project.draft.version == "1.3.0"
    assert project.draft.base == project.releases.get(tag="prisma-v1.2.0")


def test_what_was_pushed_away_leaves_it(schema: Demo) -> None:
    base = schema.project.trunk_sha
    schema.act("migrations", name="a table", phase="expand")
    schema.read()
    schema.move_branch(base)
    assert schema.read().draft.commit_count == 0
