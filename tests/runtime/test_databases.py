"""What a start asks a database."""

from collections.abc import Iterator

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from agentmesh_release.runtime.databases import (
    app_database_beside,
    applied_migrations,
    greet,
    worker_has_worked,
)
from tests.servers import databases


@pytest.fixture
def url() -> Iterator[str]:
    with databases("asked") as made:
        yield made


def test_the_demos_application_gets_a_database_beside_ours(url: str) -> None:
    beside = app_database_beside(url)
    assert beside is not None
    greet(beside)
    assert conninfo_to_dict(beside)["dbname"] == f"{conninfo_to_dict(url)['dbname']}_app"
    assert app_database_beside(url) == beside


def test_migrations_are_told_apart_by_when_they_were_applied(url: str) -> None:
    assert applied_migrations(url) == ""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE django_migrations (id int, app text, name text, applied timestamptz)"
        )
        connection.execute("INSERT INTO django_migrations VALUES (1, 'core', '0001', now())")
        first = applied_migrations(url)
        connection.execute("UPDATE django_migrations SET applied = now()")
    assert first
    assert applied_migrations(url) not in ("", first)


@pytest.mark.parametrize(("age_s", "has"), [(1, True), (60, False)])
def test_a_worker_has_worked_when_its_sign_is_fresh(url: str, age_s: int, has: bool) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE TABLE core_heartbeat (part text, at timestamptz)")
        connection.execute(
            "INSERT INTO core_heartbeat VALUES ('worker:1', now() - make_interval(secs => %s))",
            [age_s],
        )
    assert worker_has_worked(url, within_s=20) is has


def test_a_server_that_does_not_answer_is_an_error() -> None:
    with pytest.raises(psycopg.OperationalError):
        greet("postgresql://nobody@127.0.0.1:1/nothing")
