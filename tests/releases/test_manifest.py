"""`release.json`: facts and digests, the same bytes for the same facts, never a value."""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from agentmesh_release.providers.errors import ProviderError
from releases.models import Artifact, Project, Release
from releases.publication import attachments, manifest
from tests.releases.imports import imported
from tests.sandbox.histories import History
from tests.sandbox.running import Running

pytestmark = pytest.mark.django_db
_numbers = count(1)
PACKAGE = {
    "packageManager": "pnpm@9.1.0",
    "engines": {"node": ">=22", "bad": 1},
    "dependencies": {"next": "15.0.0", "left-pad": "1"},
    "devDependencies": {"prisma": "6.1.0"},
}
SQL = "-- emc: expand\nalter table runs add column priority int;\n"
FILES = {
    "package.json": json.dumps(PACKAGE),
    "prisma/schema.prisma": "model Run {}",
    "prisma/migrations/1_runs/migration.sql": SQL,
}


@pytest.fixture
def project(sandboxed: Running, tmp_path: Path) -> Project:
    """A project whose newest commit brings these files; the one before has none of them."""
    history = History()
    history.commit("feat: begin")
    history.commit("feat: all", files={path: text.encode() for path, text in FILES.items()})
    return imported(history.write(tmp_path / f"made-{next(_numbers)}")).project


@pytest.fixture
def release(project: Project) -> Release:
    return Release.objects.create(
        project=project,
        version="9.0.0",
        precedence="9",
        tag="v9.0.0",
        commit_sha=project.trunk_sha,
        state="publishing",
        released_at=timezone.now(),
    )


def gathered(release: Release) -> dict[str, Any]:
    return manifest.gather(release, attachments.of(release))


def test_it_names_what_was_built_and_from_what(release: Release) -> None:
    found = gathered(release)
    assert (found["format"], found["tag"], found["commit"]) == (1, "v9.0.0", release.commit_sha)
    assert found["build"]["sha"] == release.commit_sha
    assert found["tools"] == {
        "engines": {"node": ">=22"},
        "package_manager": "pnpm@9.1.0",
        "versions": {"next": "15.0.0", "prisma": "6.1.0"},
        "reason": "",
    }


def test_it_has_the_names_of_variables_and_no_value(release: Release) -> None:
    found = gathered(release)["environment"]
    assert found["variables"]["development"] == [
        "DATABASE_URL",
        "DIRECT_URL",
        "NEXT_PUBLIC_SUPABASE_ANON_KEY",
        "NEXT_PUBLIC_SUPABASE_URL",
    ]
    assert "CRON_SECRET" in found["variables"]["production"]
    assert (found["node"], found["framework"], found["reason"]) == ("22.x", "nextjs", "")


def test_the_schema_has_one_hash_over_all_of_it(release: Release) -> None:
    found = gathered(release)["schema"]
    assert [each["name"] for each in found["migrations"]] == ["1_runs"]
    assert found["file"]["path"] == "prisma/schema.prisma"
    assert len(found["sha256"]) == 64
    assert gathered(release)["schema"] == found


def test_the_same_facts_are_the_same_bytes(release: Release) -> None:
    once = gathered(release)
    again = dict(reversed(list(once.items())))
    assert manifest.canonical(once) == manifest.canonical(again)
    assert manifest.canonical(once).endswith(b"}\n")


def test_what_cannot_be_known_is_null_with_the_reason(release: Release) -> None:
    Project.objects.update(vercel_project_id="prj_nobody")
    release.project.refresh_from_db()
    found = gathered(release)["environment"]
    assert (found["variables"], found["node"]) == (None, None)
    assert "404" in found["reason"]


@pytest.mark.parametrize("text", ["", "[]", "{", '"x"', "[" * 100_000])
def test_a_package_that_cannot_be_read_is_unknown(text: str) -> None:
    found, reason = manifest.known(lambda: manifest._parsed(text.encode()))
    assert found is None
    assert reason == "The commit's package.json cannot be read."


def test_a_commit_without_any_of_it_says_so(release: Release) -> None:
    release.commit_sha = release.project.commits.earliest("position").sha
    found = gathered(release)
    assert found["schema"]["sha256"] is None
    assert found["schema"]["reason"] == "The commit has no migrations and no schema."
    assert found["tools"]["reason"] == "The commit has no package.json."


def test_a_provider_that_is_down_is_asked_again(sandboxed: Running, release: Release) -> None:
    sandboxed.act("faults", provider="vercel", kind="503")
    try:
        with pytest.raises(ProviderError):
            gathered(release)
    finally:
        sandboxed.act("faults/clear")


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("bundle.json", "bundle.json"),
        ("../../etc/passwd", "etc-passwd"),
        ("a b/ü.json", "a-b-.json"),
        ("...", "file"),
        ("", "file"),
        (".env", "env"),
        ("x" * 300 + ".json", "x" * 100 + ".json"),
    ],
)
def test_names_are_made_such_that_github_keeps_them(name: str, safe: str) -> None:
    assert attachments.safe(name, "file") == safe


def test_names_are_told_apart_whatever_their_case() -> None:
    taken = {"release.json"}
    names = [attachments.unique(name, taken) for name in ("A.json", "a.json", "a", "A", "a-2")]
    assert names == ["A.json", "a-2.json", "a", "A-2", "a-2-2"]


def test_what_is_too_large_is_named_and_not_attached(release: Release) -> None:
    for name, size in (("large.zip", attachments.LARGEST + 1), ("empty", 0), ("fine", 1)):
        Artifact.objects.create(
            project=release.project,
            commit_sha=release.commit_sha,
            kind="file",
            name=name,
            media_type="application/zip",
            body=b"x",
            digest="0" * 64,
            size=size,
            sent_by="Robo",
        )
    found = {each.name: each.file for each in attachments.of(release)}
    assert found == {"large.zip": "", "empty": "", "fine": "fine"}
