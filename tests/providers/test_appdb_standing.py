"""What a user of an app's database may do, told without trying it."""

from __future__ import annotations

from agentmesh_release.providers.appdb import AppDatabase
from tests.providers.databases import sql

FLAGS = "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)"


def test_a_table_that_is_not_there_is_not_there(database: AppDatabase) -> None:
    found = database.standing()
    assert not found.flags.is_there
    assert not found.prisma.is_readable
    assert not found.supabase.is_readable


def test_its_owner_may_do_all(url: str, database: AppDatabase) -> None:
    sql(url, FLAGS, "CREATE SCHEMA supabase_migrations")
    sql(url, "CREATE TABLE supabase_migrations.schema_migrations (version text)")
    found = database.standing()
    assert found.flags.lacks == ()
    assert found.flags.value_type == "jsonb"
    assert set(found.flags.columns) == {"key", "value"}
    assert found.supabase.is_readable
    assert not found.is_standby


def test_missing_rights_are_named(url: str, database: AppDatabase) -> None:
    sql(url, FLAGS, "REVOKE INSERT, UPDATE ON config_flags FROM CURRENT_USER")
    sql(url, "ALTER TABLE config_flags ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY")
    found = database.standing().flags
    assert found.lacks == ("INSERT", "UPDATE")
    assert found.is_readable
    assert found.hides_rows
