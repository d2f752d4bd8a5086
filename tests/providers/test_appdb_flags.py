"""The app's flags, in a real database: written with proof."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from agentmesh_release.providers.appdb import AppDatabase
from tests.providers.databases import error_of, sql, with_query

TABLE = "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)"


def test_a_flag_is_written_and_read_back(url: str, database: AppDatabase) -> None:
    sql(url, TABLE)
    value = {"enabled": True, "message": "Zurück in fünf Minuten 🚧", "n": [1, 2.5, None]}
    reading = database.write_flag("maintenance_mode", value)
    assert reading.value == value
    assert datetime.now(UTC) - reading.read_at < timedelta(seconds=60)
    assert database.read_flag("maintenance_mode") is not None


def test_writing_twice_is_writing_once(url: str, database: AppDatabase) -> None:
    sql(url, TABLE)
    for _ in range(2):
        database.write_flag("api_kill_switch", {"enabled": True})
    assert {k: r.value for k, r in database.read_flags().items()} == {
        "api_kill_switch": {"enabled": True}
    }


def test_a_key_without_a_row_reads_as_none(url: str, database: AppDatabase) -> None:
    sql(url, TABLE)
    assert database.read_flag("nothing") is None
    assert database.read_flags(["nothing"]) == {}


def test_the_apps_own_columns_are_left_alone(url: str, database: AppDatabase) -> None:
    sql(url, "CREATE TABLE config_flags (key text, value jsonb, owner text NOT NULL)")
    sql(url, "INSERT INTO config_flags VALUES ('a', '{}', 'web')")
    assert database.write_flag("a", {"enabled": False}).value == {"enabled": False}


def test_a_row_that_only_the_app_can_make_is_said_so(url: str, database: AppDatabase) -> None:
    sql(url, "CREATE TABLE config_flags (key text, value jsonb, owner text NOT NULL)")
    error = error_of(lambda: database.write_flag("a", 1))
    assert "its column “owner” wants a value" in error.message
    assert error.permanent


def test_a_missing_table_is_said_so_with_the_mend(database: AppDatabase) -> None:
    for work in (lambda: database.read_flags(), lambda: database.write_flag("a", 1)):
        error = error_of(work)
        assert "CREATE TABLE config_flags" in error.message
        assert error.permanent


@pytest.mark.parametrize("kind", ["json", "text", "varchar(99)"])
def test_a_value_column_that_holds_json_will_do(url: str, database: AppDatabase, kind: str) -> None:
    sql(url, f"CREATE TABLE config_flags (key text, value {kind})")
    assert database.write_flag("a", {"enabled": True}).value == {"enabled": True}


def test_a_value_column_that_cannot_is_said_so(url: str, database: AppDatabase) -> None:
    sql(url, "CREATE TABLE config_flags (key text, value boolean)")
    for work in (lambda: database.write_flag("a", True), lambda: database.read_flags()):
        assert "must be of type jsonb" in error_of(work).message


def test_a_flag_without_a_key_column_is_said_so(url: str, database: AppDatabase) -> None:
    sql(url, "CREATE TABLE config_flags (name text, value jsonb)")
    assert "lacks a column" in error_of(lambda: database.read_flags()).message


@pytest.mark.parametrize("value", ["a\x00b", {"\ud83d": 1}, [{"a": ["\x00"]}]])
def test_a_value_that_cannot_be_kept_is_refused(database: AppDatabase, value: object) -> None:
    assert "cannot keep" in error_of(lambda: database.write_flag("a", value)).message


@pytest.mark.parametrize("key", ["", "a\x00", "x" * 201])
def test_a_key_that_is_none_is_refused(database: AppDatabase, key: str) -> None:
    assert "1 to 200" in error_of(lambda: database.write_flag(key, 1)).message


def test_two_first_writers_make_one_row(url: str, database: AppDatabase) -> None:
    """Without a unique key, only the lock keeps them apart."""
    sql(url, "CREATE TABLE config_flags (key text, value jsonb)")
    start = threading.Barrier(4)

    def write(number: int) -> None:
        start.wait()
        database.write_flag("a", number)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM config_flags").fetchone() == (1,)


def test_what_someone_else_wrote_meanwhile_is_what_is_read(url: str, database: AppDatabase) -> None:
    sql(
        url,
        TABLE,
        "CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN NEW.value := '\"mine\"'; RETURN NEW; END $$",
        "CREATE TRIGGER no BEFORE INSERT OR UPDATE ON config_flags "
        "FOR EACH ROW EXECUTE FUNCTION no()",
    )
    assert database.write_flag("a", "yours").value == "mine"


def test_a_row_locked_by_someone_else_costs_no_more_than_the_budget(url: str) -> None:
    sql(url, TABLE, "INSERT INTO config_flags VALUES ('a', '1')")
    with psycopg.connect(url) as other, closing(AppDatabase(url, budget_s=0.5)) as database:
        other.execute("UPDATE config_flags SET value = '2'")
        started = time.monotonic()
        assert "did not answer in time" in error_of(lambda: database.write_flag("a", 3)).message
        assert time.monotonic() - started < 1
        other.rollback()
        assert database.write_flag("a", 3).value == 3


def test_the_schema_that_prisma_names_is_used(url: str) -> None:
    sql(url, "CREATE SCHEMA app", TABLE.replace("config_flags", "app.config_flags"))
    prismas = with_query(url, "schema=app&pgbouncer=true&connection_limit=1")
    try:
        with closing(AppDatabase(prismas)) as database:
            assert database.write_flag("a", 1).value == 1
    finally:
        sql(url, "DROP SCHEMA app CASCADE")
