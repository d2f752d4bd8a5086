"""FACTS 4: the app's own tables, in a real PostgreSQL."""

import hashlib
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from tests import environment

from .conftest import Registered, register
from .histories import usual
from .running import USUAL, Running, eventually

SQL = b"-- EMC: expand\nALTER TABLE a ADD COLUMN b TEXT;\n"
FOLDER = "packages/db/prisma/migrations"


@pytest.fixture
def url(worker_id: str) -> Iterator[str]:
    """An empty database of the test's own."""
    environment.wait_for_database()
    server = os.environ["DATABASE_URL"]
    name = f"app_{worker_id}"
    with psycopg.connect(server, autocommit=True) as admin:
        admin.execute(f'drop database if exists "{name}" with (force)')
        admin.execute(f'create database "{name}"')
        yield make_conninfo(server, dbname=name)
        admin.execute(f'drop database "{name}" with (force)')


@pytest.fixture
def own(url: str, tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path / "state", *USUAL, "--app-database-url", url).start()
    yield running
    running.end()


def rows(url: str, sql: str) -> list[Any]:
    with psycopg.connect(url) as connection:
        return connection.execute(sql.encode()).fetchall()


def migrated(tmp_path: Path) -> Path:
    """One migration is live, one is newer."""
    history = usual()
    history.commit("feat(db): one", files={f"{FOLDER}/20260101000000_one/migration.sql": SQL})
    history.tag("v3.0.0")
    history.commit("feat(db): two", files={f"{FOLDER}/20260202000000_two/migration.sql": SQL * 2})
    return history.write(tmp_path / "migrated")


def test_the_flags_of_the_app_are_there(own: Running, url: str) -> None:
    def flags() -> dict[str, Any]:
        try:
            return dict(rows(url, "select key, value from config_flags"))
        except psycopg.errors.UndefinedTable:
            return {}

    found = eventually(flags)
    assert found["api_kill_switch"] == found["database_kill_switch"] == {"enabled": False}
    assert found["maintenance_mode"]["enabled"] is False
    assert found["maintenance_mode"]["message"]
    assert found["feature_problematic"] == {"enabled": True}


def test_a_flag_that_was_changed_stays(own: Running, url: str, history: Path) -> None:
    register(own, history)
    with psycopg.connect(url) as connection:
        connection.execute("update config_flags set value = '{\"enabled\": true}'")
    own.end(signal.SIGKILL)
    own.start()
    register(own, history, "another")
    assert set(rows(url, "select value->>'enabled' from config_flags")) == {("true",)}


def test_4_what_is_live_is_applied_with_its_checksum(
    own: Running, url: str, tmp_path: Path
) -> None:
    register(own, migrated(tmp_path))
    found = rows(
        url,
        "select migration_name, checksum, finished_at is not null, rolled_back_at,"
        " logs, applied_steps_count, length(id) from _prisma_migrations",
    )
    checksum = hashlib.sha256(SQL).hexdigest()
    assert found == [("20260101000000_one", checksum, True, None, None, 1, 36)]


def test_4_pending_migrations_are_applied_when_asked(
    own: Running, url: str, tmp_path: Path
) -> None:
    project: Registered = register(own, migrated(tmp_path))
    landed = project.act("migrations", phase="contract", name="drop the rest")
    assert landed["path"].startswith(FOLDER)
    applied = project.act("migrations/apply")["applied"]
    assert applied == ["20260202000000_two", landed["migration"]]
    assert project.act("migrations/apply")["applied"] == []
    names = [
        one for (one,) in rows(url, "select migration_name from _prisma_migrations order by 1")
    ]
    assert names == ["20260101000000_one", *applied]
    events = project.journal(kind="migration_applied")
    assert [one["detail"]["migration"] for one in events] == applied


def test_4_the_tables_have_prismas_columns(own: Running, url: str, history: Path) -> None:
    register(own, history)
    found = rows(
        url,
        "select column_name, data_type, is_nullable from information_schema.columns"
        " where table_name = '_prisma_migrations' order by ordinal_position",
    )
    assert found == [
        ("id", "character varying", "NO"),
        ("checksum", "character varying", "NO"),
        ("finished_at", "timestamp with time zone", "YES"),
        ("migration_name", "character varying", "NO"),
        ("logs", "text", "YES"),
        ("rolled_back_at", "timestamp with time zone", "YES"),
        ("started_at", "timestamp with time zone", "NO"),
        ("applied_steps_count", "integer", "NO"),
    ]


def test_a_database_that_is_away_stops_nothing(tmp_path: Path, history: Path) -> None:
    nowhere = "postgresql://nobody@127.0.0.1:1/none"
    running = Running(tmp_path / "state", *USUAL, "--app-database-url", nowhere).start()
    project = register(running, history)
    body = {"project": project.name}
    answer = running.ask("POST", "/_control/migrations/apply", body)
    assert answer.status == 422
    assert "app database" in answer.body["error"]
    assert running.end() == 0
