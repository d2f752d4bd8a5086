"""Importing a drawn history, and what the project then holds, as plain values."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from releases.importing import Imported, Wishes, import_repository
from releases.models import Commit, Project, Release

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


def imported(path: Path | str, **wishes: str) -> Imported:
    return import_repository(path, Wishes(**wishes), now=NOW)


def log(project: Project) -> list[str]:
    """The subjects of the commits, newest first."""
    return list(project.commits.values_list("subject", flat=True))


def release(project: Project, tag: str) -> Release:
    return project.releases.get(tag=tag)


def told(release: Release) -> list[str]:
    """The descriptions in a changelog, in its order."""
    return [
        entry["description"]
        for section in release.changelog["sections"]
        for entry in section["entries"]
    ]


def everything(project: Project) -> dict[str, Any]:
    """All that an import stores of a history, free of ids and clocks."""
    commits = Commit.objects.filter(project=project).order_by("position")
    releases = project.releases.order_by("precedence", "version")
    return {
        "project": (project.slug, project.default_branch, project.trunk_sha, project.warned),
        "commits": list(
            commits.values_list(
                "sha", "subject", "is_on_head", "release__tag", "stable_release__tag"
            )
        ),
        "releases": list(
            releases.values_list(
                "version", "tag", "commit_sha", "previous__version", "commit_count", "released_at"
            )
        ),
        "changelogs": list(releases.values_list("version", "changelog")),
        "draft": (project.draft.version, project.draft.commit_count, project.draft.changelog),
    }
