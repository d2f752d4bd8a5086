"""An app's database with its `config_flags` table beside ours."""

import json
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest
from django.db import connection

from flags import reach, switches, targets, writing
from flags.catalogue import API, DATABASE, MAINTENANCE
from flags.models import Switch, Target

URL_NAME = "APP_DATABASE_URL"


class App:
    """An app's database, in a schema of its own; `url` is how we reach it."""

    def __init__(self) -> None:
        at = connection.get_connection_params()
        self._own = psycopg.connect(
            dbname=at["dbname"], user=at.get("user"), password=at.get("password"),
            host=at.get("host"), port=at.get("port"), autocommit=True,
        )  # fmt: skip
        info = self._own.info
        self.url = (
            f"host={info.host} port={info.port} user={info.user} dbname={info.dbname} "
            f"password='{info.password}' options='-c search_path=app'"
        )
        self.run("DROP SCHEMA IF EXISTS app CASCADE")
        self.run("CREATE SCHEMA app")
        self.run("CREATE TABLE app.config_flags (key text PRIMARY KEY, value jsonb NOT NULL)")
        for key in (API, DATABASE, MAINTENANCE):
            self.run("INSERT INTO app.config_flags VALUES (%s, %s)", key, '{"enabled": false}')

    def run(self, statement: str, *values: object) -> None:
        self._own.execute(statement, values)

    def value(self, key: str) -> Any:
        found = self._own.execute("SELECT value FROM app.config_flags WHERE key = %s", [key])
        row = found.fetchone()
        return row[0] if row else None

    def set(self, key: str, value: object) -> None:
        """What somebody does there by hand."""
        self.run("UPDATE app.config_flags SET value = %s WHERE key = %s", json.dumps(value), key)

    def lock(self) -> psycopg.Connection[Any]:
        """Somebody else's transaction that holds the whole table until it is rolled back."""
        other = psycopg.connect(self.url)
        other.execute("LOCK TABLE config_flags IN ACCESS EXCLUSIVE MODE")
        return other

    def keep_as_it_is(self) -> None:
        """A trigger that undoes every update."""
        self.run(
            "CREATE FUNCTION app.stay() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN OLD; END'"
        )
        self.run(
            "CREATE TRIGGER stay BEFORE UPDATE ON app.config_flags "
            "FOR EACH ROW EXECUTE FUNCTION app.stay()"
        )

    def close(self) -> None:
        self.run("DROP SCHEMA app CASCADE")
        self._own.close()


@pytest.fixture
def app(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[App]:
    switches.ensure()
    made = App()
    monkeypatch.setenv(URL_NAME, made.url)
    with ThreadPoolExecutor(8) as pool:  # what is under way ends with the test
        monkeypatch.setattr(writing, "_pool", pool)
        yield made
    reach._pooled(made.url).close()
    reach._pooled.cache_clear()
    made.close()


@pytest.fixture
def target(app: App) -> Target:
    """The app's table as a target, read back once."""
    return targets.ensure("api", "config_flags", URL_NAME)


@pytest.fixture
def silence() -> Iterator[str]:
    """The address of a server that accepts connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"postgresql://app@127.0.0.1:{server.getsockname()[1]}/app"


@pytest.fixture
def api(db: None) -> Switch:
    switches.ensure()
    return Switch.objects.get(key=API)


@pytest.fixture
def writes(db: None) -> Switch:
    switches.ensure()
    return Switch.objects.get(key=DATABASE)


@pytest.fixture
def maintenance(db: None) -> Switch:
    switches.ensure()
    return Switch.objects.get(key=MAINTENANCE)
