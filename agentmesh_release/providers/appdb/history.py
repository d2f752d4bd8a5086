"""What a migration table says, classified without touching a database.

Prisma's rules are read from its engine: a migration may have several rows, and its state follows
from all of them (prisma-engines, apply_migrations.rs, diagnose_migration_history.rs, checksum.rs).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

CHECKSUM_LENGTH = 64


class MigrationState(StrEnum):
    """Where a migration stands. Failed may be partly applied, and blocks every later one."""

    APPLIED = "applied"
    FAILED = "failed"
    RUNNING = "running"
    ROLLED_BACK = "rolled_back"
    PENDING = "pending"


@dataclass(frozen=True)
class RepositoryMigration:
    """A migration in the repository: its directory's name and the bytes of its migration.sql."""

    name: str
    sql: bytes

    def matches(self, checksum: str) -> bool:
        """Whether `checksum` was made from this text, with either kind of line end. Very old rows
        have their bytes' leading zeros missing (prisma-engines issue 1887)."""
        texts = (self.sql, self.sql.replace(b"\r\n", b"\n"), self.sql.replace(b"\n", b"\r\n"))
        old = bool(checksum) and len(checksum) != CHECKSUM_LENGTH
        return any(_hex(text, unpadded=old) == checksum for text in texts)


def _hex(text: bytes, *, unpadded: bool) -> str:
    digest = hashlib.sha256(text)
    return "".join(f"{byte:x}" for byte in digest.digest()) if unpadded else digest.hexdigest()


@dataclass(frozen=True)
class PrismaRow:
    """One row of `_prisma_migrations`."""

    name: str
    checksum: str
    started_at: datetime
    finished_at: datetime | None
    rolled_back_at: datetime | None
    applied_steps: int
    logs: str | None

    @property
    def is_applied(self) -> bool:
        """Finished, and not marked rolled back."""
        return self.finished_at is not None and self.rolled_back_at is None

    @property
    def is_unfinished(self) -> bool:
        """Running, crashed or failed: the row alone does not tell which."""
        return self.finished_at is None and self.rolled_back_at is None


@dataclass(frozen=True)
class Migration:
    """One migration. `in_repository` is None when the repository's list was not given, and then
    `edited` is false and nothing is pending. The row shown is the one that decided the state."""

    name: str
    state: MigrationState
    edited: bool
    in_repository: bool | None
    row: PrismaRow | None


@dataclass(frozen=True)
class PrismaHistory:
    """The whole history in the order of names, which is the order of application. Without a table
    nothing was applied. `lock_held`: someone runs Prisma Migrate right now."""

    table_present: bool
    migrations: tuple[Migration, ...]
    lock_held: bool
    read_at: datetime

    def having(self, state: MigrationState) -> tuple[Migration, ...]:
        """The migrations in one state."""
        return tuple(one for one in self.migrations if one.state is state)

    @property
    def pending(self) -> tuple[Migration, ...]:
        """What a deploy would run: new ones, and those marked rolled back."""
        due = (MigrationState.PENDING, MigrationState.ROLLED_BACK)
        return tuple(one for one in self.migrations if one.state in due and one.in_repository)

    @property
    def edited(self) -> tuple[Migration, ...]:
        """Those whose file is no longer what was applied."""
        return tuple(one for one in self.migrations if one.edited)

    @property
    def unknown_to_repository(self) -> tuple[Migration, ...]:
        """Those in the database that the repository does not have."""
        return tuple(one for one in self.migrations if one.in_repository is False)


def classify(
    rows: Sequence[PrismaRow],
    repository: Iterable[RepositoryMigration] | None,
    *,
    lock_held: bool,
) -> tuple[Migration, ...]:
    """Every migration of the table and of the repository with its state.

    An unfinished row while the advisory lock is held is running: the newest such row of all; an
    older one was left behind by a failure.
    """
    files = None if repository is None else {file.name: file for file in repository}
    by_name: dict[str, list[PrismaRow]] = {name: [] for name in sorted(files or {})}
    for row in sorted(rows, key=lambda row: row.started_at):
        by_name.setdefault(row.name, []).append(row)
    unfinished = [row for row in rows if row.is_unfinished]
    running = max(unfinished, key=lambda row: row.started_at) if lock_held and unfinished else None
    return tuple(_classified(name, by_name[name], files, running) for name in sorted(by_name))


def _classified(
    name: str,
    rows: list[PrismaRow],
    files: dict[str, RepositoryMigration] | None,
    running: PrismaRow | None,
) -> Migration:
    state, row = _state(rows, running)
    file = None if files is None else files.get(name)
    standing = row is not None and row.rolled_back_at is None
    edited = file is not None and row is not None and standing and not file.matches(row.checksum)
    return Migration(name, state, edited, None if files is None else file is not None, row)


def _state(
    rows: list[PrismaRow], running: PrismaRow | None
) -> tuple[MigrationState, PrismaRow | None]:
    unfinished = [row for row in rows if row.is_unfinished]
    applied = [row for row in rows if row.is_applied]
    failed = [row for row in unfinished if row is not running]
    if failed:
        return MigrationState.FAILED, failed[-1]
    if unfinished:
        return MigrationState.RUNNING, unfinished[-1]
    if applied:
        return MigrationState.APPLIED, applied[-1]
    if rows:
        return MigrationState.ROLLED_BACK, rows[-1]
    return MigrationState.PENDING, None


@dataclass(frozen=True)
class AppliedVersion:
    """A row of `supabase_migrations.schema_migrations`: being there means applied."""

    version: str
    name: str | None


@dataclass(frozen=True)
class SupabaseHistory:
    """Supabase's history, by version. No row has a time, a checksum or a failure."""

    table_present: bool
    applied: tuple[AppliedVersion, ...]
    pending: tuple[str, ...]
    unknown_to_repository: tuple[str, ...]
    read_at: datetime


def compare_versions(
    table_present: bool,
    applied: Sequence[AppliedVersion],
    repository: Iterable[str] | None,
    read_at: datetime,
) -> SupabaseHistory:
    """Set the applied versions against the repository's (file names begin with them)."""
    there = {row.version for row in applied}
    files = None if repository is None else set(repository)
    pending = () if files is None else tuple(sorted(files - there))
    unknown = () if files is None else tuple(sorted(there - files))
    return SupabaseHistory(table_present, tuple(applied), pending, unknown, read_at)
