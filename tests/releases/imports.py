"""Projects out of a drawn history or a few messages, and what they hold, as plain values."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from semver import Version

from agentmesh_release.core.models import Poll
from releases import changelogs
from releases.commits import landed
from releases.conventional.versions import precedence_key, read_tag
from releases.drafting import drafts
from releases.importing import Imported, Wishes, import_repository
from releases.models import Commit, MigrationReading, Project, Release

NOW = datetime.now(UTC).replace(microsecond=0)


def imported(path: Path | str, **wishes: str) -> Imported:
    return import_repository(path, Wishes(**wishes), now=NOW)


def since_release(*messages: str, tag: str = "v1.2.3") -> Project:
    """A project called api with one release, and commits with these messages since."""
    project = Project.objects.create(slug="api", name="api", trunk_sha=f"{len(messages):040}")
    project.environments.create(kind="production")
    version = read_tag(tag)
    assert isinstance(version, Version)
    first = project.releases.create(
        version=str(version),
        precedence=precedence_key(version),
        tag=tag,
        commit_sha=f"{0:040}",
        state="tagged",
        released_at=NOW,
    )
    for position, message in enumerate(("feat: first", *messages)):
        land(project, message, position)
    project.commits.filter(position=0).enter(first)
    changelogs.rewrite([first.pk])
    drafts.recompute(project, NOW)
    return project


def read_well(project: Project, sha: str) -> None:
    """GitHub, Vercel and the app's database were read just now, and nothing is wrong with that
    commit: it can be cut."""
    just_now = datetime.now(UTC)  # a run lasts longer than evidence counts
    Project.objects.filter(pk=project.pk, vercel_project_id="").update(vercel_project_id="prj_api")
    Poll.objects.update_or_create(
        kind="github", scope=project.slug, defaults={"last_ok_at": just_now, "due_at": just_now}
    )
    project.check_summaries.create(sha=sha, outcome="passed", read_at=just_now)
    MigrationReading.objects.create(project=project, sha=sha, read_at=just_now)
    project.deployments.create(
        vercel_id=f"dpl_{sha}",
        target="production",
        sha=sha,
        state="READY",
        created_at=just_now,
        read_at=just_now,
    )


def land(project: Project, message: str, position: int) -> Commit:
    """One more commit at the head of the default branch."""
    row = landed(f"{position:040}", message, author_name="Ada", committed_at=NOW, is_merge=False)
    fields = {name: getattr(row, name) for name in row.__slots__}
    Project.objects.filter(pk=project.pk).update(trunk_sha=row.sha)
    read_well(project, row.sha)
    return Commit.objects.create(project=project, position=position, **fields)


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
