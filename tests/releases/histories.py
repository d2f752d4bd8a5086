"""A project of three releases whose commits are a few messages, for the readers' pages."""

from datetime import UTC, datetime

from semver import Version

from releases.commits import landed
from releases.conventional.versions import precedence_key
from releases.models import Commit, Project, Release


def told(
    project: Project, version: str, *messages: str, author: str = "Ada", day: int = 1
) -> Release:
    """A release of that project that brings these messages, on that day of November 2026."""
    parsed = Version.parse(version)
    release = Release.objects.create(
        project=project,
        version=version,
        precedence=precedence_key(parsed),
        is_prerelease=bool(parsed.prerelease),
        tag=f"v{version}",
        commit_sha=f"{Release.objects.count() + 0xABC0000:07x}".ljust(40, "f"),
        state="tagged",
        commit_count=len(messages),
        released_at=datetime(2026, 11, day, 12, tzinfo=UTC),
    )
    for message in messages:
        land(project, message, author, release.released_at)
    project.commits.all().enter(release)
    return release


def land(project: Project, message: str, author: str, at: datetime) -> Commit:
    """One more commit, in no release yet; the first one is `def0000…`."""
    position = Commit.objects.count()
    sha = f"{position + 0xDEF0000:07x}".ljust(40, "0")
    row = landed(sha, message, author_name=author, committed_at=at, is_merge=False)
    fields = {name: getattr(row, name) for name in row.__slots__}
    return Commit.objects.create(project=project, position=position, **fields)


def told_project() -> Project:
    """`api` with 1.0.0, 1.1.0-rc.1 and 1.1.0, by three people."""
    api = Project.objects.create(slug="api", name="api", repository="demo/api")
    api.environments.create(kind="production")
    told(api, "1.0.0", "feat(runs): list runs by agent (#7)", day=1)
    told(api, "1.1.0-rc.1", "perf: index runs", author="Ben Öz", day=5)
    told(api, "1.1.0", "fix!: refuse old tokens\n\nCloses #55", author="Cleo", day=9)
    return api
