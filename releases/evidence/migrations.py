"""What the app's database says of a commit's migrations."""

import hashlib
import re
import time
from datetime import datetime
from functools import lru_cache

from agentmesh_release.providers import background
from agentmesh_release.providers.appdb import RepositoryMigration
from agentmesh_release.providers.errors import ProviderError
from agentmesh_release.providers.github import GitHub

from ..models.migration_reading import MigrationReading
from ..models.project import Project

# `-- emc: expand`, the phase that a migration declares (seed: EMC Pattern).
_PHASE = re.compile(
    rb"^\s*--\s*emc\s*:\s*(expand|migrate|contract)\b", re.IGNORECASE | re.MULTILINE
)

MOST_KNOWN = 500  # commits
ABSENT_S = 3_600.0
# When (monotonic seconds) GitHub said that there is no such folder at a commit.
_absent: dict[tuple[str, str, str], float] = {}


def read(project: Project, sha: str, now: datetime) -> MigrationReading:
    """Compare the migrations at that commit with the database. Raises ProviderError."""
    found = in_repository(project, sha)
    states, strangers = _in_database(project, found)
    reading, _ = MigrationReading.objects.update_or_create(
        project=project,
        sha=sha,
        defaults={
            "migrations": [_entry(migration, states) for migration in found],
            "strangers": strangers,
            "read_at": now,
        },
    )
    return reading


def in_repository(project: Project, sha: str) -> list[RepositoryMigration]:
    """The commit's migrations in order of name; none when the folder does not exist.

    What stands at a commit never changes, so it is asked for once; that there is no such folder
    GitHub may also say of what the token may not see, so that is asked again now and then.
    """
    key = (project.repository, project.migrations_path, sha)
    absent_at = _absent.get(key)
    if background.is_on() and absent_at and time.monotonic() - absent_at < ABSENT_S:
        return []
    try:
        found = list(_at_commit(project.github(), *key))
    except ProviderError as error:
        if error.status != 404:
            raise
        found = []
    if found:
        _absent.pop(key, None)
    else:
        _absent[key] = time.monotonic()
        while len(_absent) > MOST_KNOWN:
            _absent.pop(next(iter(_absent)), None)
    return found


@lru_cache(MOST_KNOWN)
def _at_commit(
    client: GitHub, repository: str, folder_path: str, sha: str
) -> tuple[RepositoryMigration, ...]:
    folder = client.contents.directory(repository, folder_path, sha)
    if folder.may_be_cut:
        raise ProviderError(
            f"GitHub lists only part of {folder_path}, so its migrations are not known."
        )
    names = sorted(entry.name for entry in folder.entries if entry.kind == "dir")
    return tuple(
        RepositoryMigration(name, _sql(client, repository, f"{folder_path}/{name}", sha))
        for name in names
    )


def _sql(client: GitHub, repository: str, path: str, sha: str) -> bytes:
    """What the migration runs. Prisma refuses one without its file, so nothing is known of it."""
    try:
        return client.contents.file(repository, f"{path}/migration.sql", sha).content
    except ProviderError as error:
        if error.status != 404:
            raise
        raise ProviderError(
            f"{path} has no migration.sql at {sha[:7]}, so the migrations are not known.",
            permanent=True,
        ) from None


def _in_database(
    project: Project, found: list[RepositoryMigration]
) -> tuple[dict[str, str], list[str]]:
    """State by name, and the names that only the database knows."""
    if not found:
        return {}, []
    history = project.app_database().prisma_migrations(found)
    states = {
        migration.name: "edited" if migration.edited else str(migration.state)
        for migration in history.migrations
    }
    return states, [migration.name for migration in history.unknown_to_repository]


def _entry(migration: RepositoryMigration, states: dict[str, str]) -> dict[str, str]:
    return {
        "name": migration.name,
        "checksum": hashlib.sha256(migration.sql).hexdigest(),
        "phase": phase_of(migration.sql),
        "state": states.get(migration.name, "pending"),
    }


def phase_of(sql: bytes) -> str:
    """The phase that the SQL declares in a comment, or empty."""
    declared = _PHASE.search(sql)
    return declared.group(1).decode().lower() if declared else ""
