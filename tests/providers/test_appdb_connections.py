"""The app's database on its bad days: every call ends in time and says why."""

from __future__ import annotations

import os
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from urllib.parse import urlsplit, urlunsplit

import psycopg
import pytest

from agentmesh_release.providers.appdb import AppDatabase
from agentmesh_release.providers.errors import ProviderError
from tests.providers.databases import error_of, sql

TABLE = "CREATE TABLE config_flags (key text PRIMARY KEY, value jsonb NOT NULL)"


def elsewhere(url: str, **parts: str) -> str:
    split = urlsplit(url)
    return urlunsplit(split._replace(**parts))


def test_every_call_fits_its_budget_when_nobody_answers() -> None:
    """A port that accepts and then says nothing: a hung proxy, a stopped server."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        database = AppDatabase(f"postgresql://u:hunter2@127.0.0.1:{port}/app", budget_s=0.5)
        started = time.monotonic()
        error = error_of(database.server_time)
        assert time.monotonic() - started < 1
    assert "could not be reached within 0.5 s" in error.message
    assert not error.permanent


def test_nobody_at_home_is_said_in_words() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    error = error_of(AppDatabase(f"postgresql://u:hunter2@127.0.0.1:{port}/app").server_time)
    assert "nothing accepts connections there" in error.message


def test_a_server_that_stops_in_the_middle_is_cut_off(url: str) -> None:
    """What statement_timeout cannot do: the server itself does not answer any more."""
    with closing(AppDatabase(url, budget_s=0.5)) as database:
        started = time.monotonic()
        with psycopg.connect(url) as other:
            other.execute("SELECT 1")
            connections = database._connections
            error = error_of(lambda: connections.run(lambda c: c.execute(_NO_TIMEOUT_SLEEP)))
        assert time.monotonic() - started < 2
        assert "did not answer" in error.message


_NO_TIMEOUT_SLEEP = "SET LOCAL statement_timeout = 0; SELECT pg_sleep(3)"


def test_a_connection_that_the_server_closed_is_replaced(url: str, database: AppDatabase) -> None:
    database.server_time()
    sql(
        url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )
    time.sleep(0.1)
    database.server_time()


def test_connections_are_few_and_waiting_for_one_ends(url: str) -> None:
    with closing(AppDatabase(url, budget_s=0.4, pool_size=1)) as database:
        slots = database._connections._slots
        with slots:
            error = error_of(database.server_time)
        assert "all 1 connections are in use" in error.message
        database.server_time()


def test_many_callers_share_few_connections(url: str) -> None:
    with closing(AppDatabase(url, pool_size=2)) as database, ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: database.server_time(), range(40)))
        assert len(database._connections._idle) <= 2


def test_a_wrong_password_is_permanent_and_not_quoted(url: str) -> None:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    wrong = urlunsplit(parts._replace(netloc=f"nobody_here:hunter2@{host}"))
    error = error_of(AppDatabase(wrong).server_time)
    assert "hunter2" not in repr(error) + str(error)
    assert "nobody_here" not in str(error)
    assert error.permanent


def test_a_database_that_is_not_there_is_permanent(url: str) -> None:
    error = error_of(AppDatabase(elsewhere(url, path="/not_there")).server_time)
    assert "does not exist" in error.message
    assert error.permanent


@pytest.mark.parametrize(
    "dsn",
    ["postgresql://u:hunter2@h:port/x", "hunter2 what", "postgresql://u:hunter2@h/x?hunter2=1"],
)
def test_a_connection_string_that_is_none_is_refused_unquoted(dsn: str) -> None:
    error = error_of(lambda: AppDatabase(dsn))
    assert "cannot be read" in error.message
    assert "hunter2" not in error.message


def test_no_repr_holds_the_password(url: str) -> None:
    database = AppDatabase(url)
    password = urlsplit(url).password or "nothing"
    assert password not in repr(database) + repr(database._connections.dsn)


def test_reads_cannot_write(url: str, database: AppDatabase) -> None:
    sql(url, TABLE)
    write = "INSERT INTO config_flags VALUES ('a', '1')"
    error = error_of(lambda: database._connections.run(lambda c: c.execute(write)))
    assert "is read-only now" in error.message


@pytest.mark.filterwarnings("ignore:.*fork:DeprecationWarning")
def test_a_forked_child_leaves_its_parents_connection_alone(
    url: str, database: AppDatabase
) -> None:
    database.server_time()
    (_, before) = database._connections._idle[0]
    child = os.fork()
    if child == 0:
        try:
            database.server_time()
            database.close()
            os._exit(0)
        except ProviderError:
            os._exit(1)
    assert os.waitpid(child, 0)[1] == 0
    database.server_time()
    assert database._connections._idle[0][1] is before
