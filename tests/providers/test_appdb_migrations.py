"""The app's migration tables, in a real database."""

from __future__ import annotations

import os

import psycopg

from agentmesh_release.providers.appdb import AppDatabase, MigrationState, RepositoryMigration
from tests.providers.databases import error_of, sql

PRISMA_TABLE = """
    CREATE TABLE _prisma_migrations (
        id varchar(36) PRIMARY KEY, checksum varchar(64) NOT NULL, finished_at timestamptz,
        migration_name varchar(255) NOT NULL, logs text, rolled_back_at timestamptz,
        started_at timestamptz NOT NULL DEFAULT now(), applied_steps_count int NOT NULL DEFAULT 0
    )
"""


def migrated(url: str, *rows: tuple[str, bool]) -> None:
    sql(url, PRISMA_TABLE)
    with psycopg.connect(url, autocommit=True) as connection:
        for name, finished in rows:
            connection.execute(
                "INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, logs)"
                " VALUES (gen_random_uuid(), %s, %s, CASE WHEN %s THEN now() END, 'boom')",
                (RepositoryMigration(name, b"").sql.hex() or "0" * 64, name, finished),
            )


def test_no_table_means_nothing_applied(database: AppDatabase) -> None:
    history = database.prisma_migrations([RepositoryMigration("1_init", b"")])
    assert (history.table_present, [one.name for one in history.pending]) == (False, ["1_init"])
    assert database.supabase_migrations(["1"]).pending == ("1",)
    assert not database.supabase_migrations().table_present


def test_applied_and_failed_are_told_apart(url: str, database: AppDatabase) -> None:
    migrated(url, ("1_init", True), ("2_next", False))
    history = database.prisma_migrations()
    assert [(one.name, one.state) for one in history.migrations] == [
        ("1_init", "applied"),
        ("2_next", "failed"),
    ]
    (failed,) = history.having(MigrationState.FAILED)
    assert failed.row is not None
    assert failed.row.logs == "boom"


def test_an_edited_migration_is_found(url: str, database: AppDatabase) -> None:
    migrated(url, ("1_init", True))
    history = database.prisma_migrations([RepositoryMigration("1_init", b"SELECT 1")])
    assert [one.name for one in history.edited] == ["1_init"]


def test_prismas_lock_makes_it_running(url: str, database: AppDatabase) -> None:
    migrated(url, ("1_init", False))
    with psycopg.connect(url) as migrator:
        migrator.execute("SELECT pg_advisory_lock(72707369)")
        history = database.prisma_migrations()
        migrator.execute("SELECT pg_advisory_unlock(72707369)")
    assert history.lock_held
    assert history.migrations[0].state is MigrationState.RUNNING
    assert database.prisma_migrations().migrations[0].state is MigrationState.FAILED


def test_other_locks_and_other_databases_locks_do_not(url: str, database: AppDatabase) -> None:
    migrated(url, ("1_init", False))
    with psycopg.connect(url) as one, psycopg.connect(os.environ["DATABASE_URL"]) as other:
        one.execute("SELECT pg_advisory_lock(72707368), pg_advisory_lock(0, 72707369)")
        other.execute("SELECT pg_advisory_lock(72707369)")
        assert not database.prisma_migrations().lock_held


def test_supabases_table_is_read_with_and_without_names(url: str, database: AppDatabase) -> None:
    sql(
        url,
        "CREATE SCHEMA supabase_migrations",
        "CREATE TABLE supabase_migrations.schema_migrations (version text PRIMARY KEY)",
        "INSERT INTO supabase_migrations.schema_migrations VALUES ('20260102'), ('20260101')",
    )
    history = database.supabase_migrations(["20260101", "20260103"])
    assert [one.version for one in history.applied] == ["20260101", "20260102"]
    assert (history.pending, history.unknown_to_repository) == (("20260103",), ("20260102",))
    sql(url, "ALTER TABLE supabase_migrations.schema_migrations ADD name text DEFAULT 'init'")
    assert database.supabase_migrations().applied[0].name == "init"


def test_no_right_to_look_is_not_an_absent_table(url: str, database: AppDatabase) -> None:
    columns = PRISMA_TABLE.partition("(")[2].rpartition(")")[0]
    sql(
        url,
        f"CREATE FUNCTION forbidden() RETURNS TABLE ({_without_constraints(columns)}) "
        "LANGUAGE plpgsql AS $$ BEGIN RAISE insufficient_privilege; END $$",
        "CREATE VIEW _prisma_migrations AS SELECT * FROM forbidden()",
    )
    error = error_of(lambda: database.prisma_migrations())
    assert "may not read _prisma_migrations" in error.message
    assert error.permanent


def _without_constraints(columns: str) -> str:
    for words in (" PRIMARY KEY", " NOT NULL", " DEFAULT now()", " DEFAULT 0"):
        columns = columns.replace(words, "")
    return columns
