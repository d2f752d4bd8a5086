"""`/livez` and `/readyz` of the whole house, with its database well, half-way or gone."""

import os
import socket
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from tests.core.edge.wire import Server, serving, wait_until

HOUSE = "agentmesh_release.asgi:application"


@pytest.fixture
def whole_house(transactional_db: None, tmp_path: Path) -> Iterator[Server]:
    name = connection.settings_dict["NAME"]
    url = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl()
    with serving(HOUSE, tmp_path, DATABASE_URL=url) as server:
        yield server


def until_ready(house: Server) -> None:
    wait_until(lambda: house.get("/readyz").status == 200, 10)


def test_it_is_ready_when_every_part_is(whole_house: Server) -> None:
    until_ready(whole_house)
    parts = whole_house.get("/readyz").json()["parts"]
    assert {name: part["state"] for name, part in parts.items()} == {
        "database": "passed",
        "listener": "passed",
        "migrations": "passed",
    }


def test_it_names_a_migration_that_is_missing(whole_house: Server) -> None:
    until_ready(whole_house)
    rows = MigrationRecorder(connection).migration_qs.filter(app="sessions")
    missing = rows.values("app", "name").latest("id")
    rows.filter(name=missing["name"]).delete()
    time.sleep(0.6)
    answer = whole_house.get("/readyz")
    MigrationRecorder(connection).record_applied(missing["app"], missing["name"])
    assert answer.status == 503
    assert "sessions.0001_initial" in answer.json()["parts"]["migrations"]["sentence"]


def test_many_who_ask_at_once_are_one_question(whole_house: Server) -> None:
    until_ready(whole_house)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        before = cursor.fetchone()[0]
        assert {whole_house.get("/readyz").status for _ in range(50)} == {200}
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        assert cursor.fetchone()[0] <= before + 1


@pytest.mark.parametrize("state", ["hangs", "refuses"])
def test_it_answers_within_a_second_without_a_database(tmp_path: Path, state: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as database:
        url = f"postgres://nobody@127.0.0.1:{database.getsockname()[1]}/nothing"
        if state == "refuses":
            database.close()
        with serving(HOUSE, tmp_path, DATABASE_URL=url) as house:
            began = time.monotonic()
            answer = house.get("/readyz")
            assert time.monotonic() - began < 3
            assert house.get("/livez").status == 200
    assert answer.status == 503
    assert answer.json()["ready"] is False
    assert "nobody" not in answer.text
