"""Real histories, where they are at hand."""

import subprocess
import sys
from pathlib import Path

import pytest
from django.db.models import Count, F

from releases.models import Commit, Project
from tests.releases.imports import imported

HISTORIES = Path(__file__).resolve().parents[3] / "shared" / "histories"

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.contracts,
    pytest.mark.skipif(not HISTORIES.is_dir(), reason=f"There are no histories in {HISTORIES}."),
]


def repository(name: str, folder: Path) -> Path:
    make = HISTORIES / "make_repository"
    path = folder / name
    command = [sys.executable, str(make), str(HISTORIES / f"{name}.jsonl.gz"), str(path)]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    return path


@pytest.mark.parametrize(
    ("name", "commits", "tags"), [("small", 1_907, 861), ("large", 16_208, 577)]
)
def test_it_is_imported_whole(tmp_path: Path, name: str, commits: int, tags: int) -> None:
    found = imported(repository(name, tmp_path))
    assert (found.commits, found.project.commits.count()) == (commits, commits)
    left_out = sum("left out" in sentence for sentence in found.warnings)
    assert found.releases == tags or left_out
    assert every_release_counts_what_it_tells(found.project)


def every_release_counts_what_it_tells(project: Project) -> bool:
    stable = project.releases.filter(is_prerelease=False)
    told = dict(
        Commit.objects.exclude(stable_release=None)
        .values_list("stable_release")
        .annotate(count=Count("pk"))
        .order_by()
    )
    counted = stable.values_list("pk", "commit_count")
    in_order = not stable.filter(precedence__lte=F("previous__precedence")).exists()
    return in_order and all(told.get(pk, 0) == count for pk, count in counted)
