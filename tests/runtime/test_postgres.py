"""The embedded PostgreSQL: private, owned by one process, and back after a kill."""

import contextlib
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from agentmesh_release.runtime import processes
from agentmesh_release.runtime.postgres import (
    PORT,
    SUPERUSER,
    Cluster,
    prepare,
    private_directory,
    short_directory,
    tethered,
)
from agentmesh_release.runtime.provision import APP, DATABASE, OWNER, USER, provision
from tests.watching import soon

PASSWORD = "correct horse"
WORDS = {OWNER: "owner", USER: "user", APP: "app"}


class Server:
    """A cluster, and its server while it runs."""

    def __init__(self, cluster: Cluster) -> None:
        self.cluster = cluster
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        command = tethered(self.cluster.command(), self.cluster.account, signal.SIGQUIT)
        self.process = subprocess.Popen(command, cwd="/", stderr=subprocess.DEVNULL)
        assert soon(self.cluster.accepts)

    def stop(self, signum: int = signal.SIGINT) -> None:
        assert self.process is not None
        self.process.send_signal(signum)
        self.process.wait(20)

    def connect(
        self, role: str = SUPERUSER, password: str = PASSWORD, database: str = "postgres"
    ) -> psycopg.Connection:
        return psycopg.connect(self.cluster.url(role, password, database), autocommit=True)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A provisioned server in a path with spaces, below a directory that only we may enter."""
    place, sockets = short_directory("a house "), short_directory()
    made = Server(prepare(place / "post gres", f"test-{sockets.name}", sockets))
    made.cluster.initialise(PASSWORD)
    made.start()
    try:
        provision(made.cluster.url(SUPERUSER, PASSWORD, "postgres"), WORDS)
        yield made
    finally:
        made.stop(signal.SIGQUIT)
        for directory in (made.cluster.home.resolve(), place, sockets):
            shutil.rmtree(directory, ignore_errors=True)


def test_it_runs_as_an_ordinary_user(server: Server) -> None:
    assert server.process is not None
    assert psutil.Process(server.process.pid).uids().effective != 0


def test_it_listens_on_no_port(server: Server) -> None:
    assert server.process is not None
    connections = psutil.Process(server.process.pid).net_connections("inet")
    assert [each for each in connections if each.status == psutil.CONN_LISTEN] == []


def test_only_we_may_enter_where_its_socket_and_its_data_are(server: Server) -> None:
    for directory in (server.cluster.sockets, server.cluster.data):
        assert directory.stat().st_mode & 0o777 == 0o700


def test_nobody_gets_in_without_the_password(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        server.connect(password="wrong")


def test_its_text_is_utf_8_whatever_the_system_has(server: Server) -> None:
    with server.connect(OWNER, "owner", DATABASE) as connection:
        row = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale "
            "FROM pg_database WHERE datname = current_database()"
        ).fetchone()
        upper = connection.execute("SELECT upper('straße é')").fetchone()
    assert row == ("UTF8", "b", "C.UTF-8")
    assert upper == ("STRASSE É",) or upper == ("STRAßE É",)


def test_the_user_works_with_what_the_owner_made_and_owns_nothing(server: Server) -> None:
    with server.connect(OWNER, "owner", DATABASE) as owner:
        owner.execute("CREATE TABLE thing (id bigserial PRIMARY KEY, name text)")
    with server.connect(USER, "user", DATABASE) as user:
        user.execute("INSERT INTO thing (name) VALUES ('one')")
        assert user.execute("SELECT name FROM thing").fetchall() == [("one",)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            user.execute("TRUNCATE thing")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            user.execute("CREATE TABLE other ()")


def test_the_application_cannot_read_our_rows(server: Server) -> None:
    with pytest.raises(psycopg.OperationalError, match="permission denied for database"):
        server.connect(APP, "app", DATABASE)


def test_provisioning_again_changes_nothing(server: Server) -> None:
    provision(server.cluster.url(SUPERUSER, PASSWORD, "postgres"), WORDS)
    with server.connect(USER, "user", DATABASE) as user:
        assert user.execute("SELECT 1").fetchone() == (1,)


def test_it_comes_back_after_a_kill_while_a_backend_is_busy(server: Server) -> None:
    with contextlib.closing(server.connect()) as busy:
        busy.execute("CREATE TABLE kept AS SELECT 1 AS n")
        spinning = "SELECT count(*) FROM generate_series(1, 1e12::bigint)"  # polls no latch
        busy.pgconn.send_query(spinning.encode())
        server.stop(signal.SIGKILL)
        assert processes.of_cluster(server.cluster.name), "an orphan still computes"
        server.cluster.clear()
        server.start()
    with server.connect() as connection:
        assert connection.execute("SELECT n FROM kept").fetchone() == (1,)


def test_it_comes_back_when_another_program_has_its_old_pid(server: Server) -> None:
    server.stop(signal.SIGKILL)
    assert soon(lambda: not processes.of_cluster(server.cluster.name))
    with subprocess.Popen(
        ["sleep", "60"], user=server.cluster.account.uid if server.cluster.account else None
    ) as other:
        for lock in (
            server.cluster.data / "postmaster.pid",
            server.cluster.sockets / f".s.PGSQL.{PORT}.lock",
        ):
            rest = lock.read_text().split("\n", 1)[1]
            lock.write_text(f"{other.pid}\n{rest}")
        server.cluster.clear()
        server.start()
        other.kill()


def test_another_versions_cluster_is_refused_with_the_mend(tmp_path: Path) -> None:
    sockets = short_directory()
    made = prepare(tmp_path / "postgres", "test-old", sockets).data
    made.mkdir()
    (made / "PG_VERSION").write_text("17\n")
    with pytest.raises(LookupError, match="made by PostgreSQL 17 and this is 18"):
        prepare(tmp_path / "postgres", "test-old", sockets)
    shutil.rmtree(made.parent)
    sockets.rmdir()


def test_the_sockets_directory_is_found_again(tmp_path: Path) -> None:
    first = private_directory(tmp_path / "sockets")
    assert private_directory(tmp_path / "sockets") == first
    first.rmdir()


def test_a_sockets_directory_that_others_may_enter_is_not_used(tmp_path: Path) -> None:
    first = private_directory(tmp_path / "sockets")
    first.chmod(0o755)
    second = private_directory(tmp_path / "sockets")
    assert second != first
    first.rmdir()
    second.rmdir()
