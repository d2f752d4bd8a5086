"""The embedded PostgreSQL: a cluster that one process starts, owns and ends.

Only the wheel's programs are used. The server runs in the foreground as a child of whoever starts
it, listens on a UNIX socket in a private directory and on no port, and asks everyone for a
password.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

import psutil

from . import binaries, processes, tether
from .account import Account, unprivileged

PORT = 5432  # part of the socket's file name; nothing listens on it
SUPERUSER = "agentmesh_super"
# sun_path holds 108 bytes on Linux and 104 on macOS, the closing zero included (unix(7), unix(4)).
SOCKET_PATH_BYTES = 103

# For a house of five processes on a small machine.
LEAN: Mapping[str, str] = {
    "shared_buffers": "32MB",
    "max_connections": "60",
    "superuser_reserved_connections": "3",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "min_wal_size": "32MB",
    "io_method": "sync",  # 18 would start three workers more
    "max_logical_replication_workers": "0",
    "max_worker_processes": "4",
    "max_parallel_workers_per_gather": "0",
    "autovacuum_max_workers": "1",
    "jit": "off",
    "huge_pages": "off",
    "log_min_messages": "log",  # errors are told by who made them
    "log_min_error_statement": "panic",  # a statement may hold a secret
    "log_checkpoints": "off",
    "log_line_prefix": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}
# Without a locale that exists, macOS starts a thread in the postmaster, which then refuses to run.
ENVIRONMENT: Mapping[str, str] = {"LC_ALL": "C"}
# Only for a cluster that is thrown away.
FORGETFUL: Mapping[str, str] = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
}


@dataclass(frozen=True)
class Cluster:
    """One data directory, and what it takes to run its server.

    `home` is where its files lie (it may be a symbolic link), `sockets` the private directory of
    its socket, `name` shows in every process title of this cluster and must be unique on the
    machine, `account` is the user to run as, None for ourselves.
    """

    home: Path
    sockets: Path
    name: str
    programs: Path
    account: Account | None
    settings: Mapping[str, str] = field(default_factory=lambda: LEAN)

    @property
    def data(self) -> Path:
        return self.home.resolve() / "data"

    def exists(self) -> bool:
        """Whether initdb has been through, to its end."""
        return self.version() is not None

    def version(self) -> str | None:
        """The major version of the PostgreSQL that made it."""
        try:
            return (self.data / "PG_VERSION").read_text().strip()
        except FileNotFoundError:
            return None

    def initialise(self, password: str) -> None:
        """Make the data directory; its superuser gets `password`. Nothing half-made is left under
        its final name. Raises RuntimeError with what initdb said."""
        half = self.data.with_name("data.half")
        pwfile = self.data.with_name("password")
        shutil.rmtree(half, ignore_errors=True)
        try:
            pwfile.touch(0o600)
            self._own(pwfile)
            pwfile.write_text(password)
            self._initdb(half, pwfile)
        finally:
            pwfile.unlink(missing_ok=True)
        half.rename(self.data)

    def command(self) -> list[str]:
        """The server's command line. The name in it marks the postmaster, and in their titles its
        backends, as ours."""
        settings = {
            **self.settings,
            "cluster_name": self.name,
            "listen_addresses": "",
            "unix_socket_directories": str(self.sockets),
            "unix_socket_permissions": "0700",
        }
        switches = [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
        return [str(self.programs / "postgres"), "-D", str(self.data), "-p", str(PORT), *switches]

    def url(self, role: str, password: str, database: str) -> str:
        """A connection URL of one of its databases."""
        return socket_url(self.sockets, role, password, database)

    def accepts(self) -> bool:
        """Whether the server takes connections: it says "ready" in its lock file, and the file is
        not one that a killed server left, since somebody listens."""
        try:
            status = (self.data / "postmaster.pid").read_text().splitlines()[7]
        except (OSError, IndexError):
            return False
        if status.strip() != "ready":
            return False
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.sockets / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    def clear(self) -> None:
        """Kill what a killed postmaster left: a busy backend notices late, and until it is gone
        the next server refuses ("pre-existing shared memory block is still in use").

        Its lock files name a pid; where another program has that number by now, PostgreSQL would
        take it for a server and refuse too, so they are dropped then.
        """
        processes.kill(processes.of_cluster(self.name))
        for lock in (self.data / "postmaster.pid", self.sockets / f".s.PGSQL.{PORT}.lock"):
            with contextlib.suppress(OSError, ValueError, IndexError):
                if psutil.pid_exists(int(lock.read_text().splitlines()[0])):
                    lock.unlink()

    def _initdb(self, half: Path, pwfile: Path) -> None:
        options = ["--encoding=UTF8", "--no-locale", "--auth=scram-sha-256", "--no-sync"]
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        options += [f"--username={SUPERUSER}", f"--pwfile={pwfile}", "--no-instructions"]
        made = subprocess.run(  # noqa: S603
            tethered([str(self.programs / "initdb"), "-D", str(half), *options], self.account),
            cwd="/",
            env={**os.environ, **ENVIRONMENT},
            capture_output=True,
            text=True,
            check=False,
        )
        if made.returncode != 0:
            raise RuntimeError(f"initdb failed: {(made.stderr or made.stdout).strip()}")

    def _own(self, path: Path) -> None:
        if self.account is not None:
            self.account.own(path)


def prepare(home: Path, name: str, sockets: Path, settings: Mapping[str, str] = LEAN) -> Cluster:
    """A cluster at `home`, with every directory it needs in place.

    As root, where PostgreSQL's user cannot come to `home` because a directory above it is private,
    the files are kept outside the checkout and `home` becomes a link to them: nobody's directories
    are opened. Raises LookupError or PermissionError with a sentence.
    """
    account = unprivileged()
    if not home.exists():
        home.unlink(missing_ok=True)  # a link to what is gone
        _make_home(home, account)
    elif account is not None and home.resolve().stat().st_uid != 0:
        account = Account.owning(home.resolve())  # somebody began it as an ordinary user
    cluster = Cluster(
        home, sockets, name, binaries.reachable_by(account), account, {**LEAN, **settings}
    )
    if account is not None:
        account.own(sockets)
    made_by = cluster.version()
    if made_by not in (None, binaries.MAJOR):
        raise LookupError(
            f"{home} was made by PostgreSQL {made_by} and this is {binaries.MAJOR}: move its data "
            "with pg_dump of that version, or remove the directory to begin anew."
        )
    return cluster


def socket_url(sockets: Path, role: str, password: str, database: str) -> str:
    """A URL, over the socket in `sockets`, that libpq and Django's settings read alike."""
    return f"postgresql://{role}:{quote(password, safe='')}@/{database}?host={quote(str(sockets))}"


def private_directory(remembered: Path) -> Path:
    """A short directory that only we may enter, for the socket; its name is kept in `remembered`.

    It lies outside the checkout, whose path may be longer than a socket's path may be.
    """
    try:
        known = remembered.readlink()
        facts = known.lstat()
        account = unprivileged()
        owners = {os.geteuid()} | ({account.uid} if account else set())
        if known.is_dir() and facts.st_uid in owners and facts.st_mode & 0o777 == 0o700:
            return known
    except OSError:
        pass
    remembered.unlink(missing_ok=True)
    made = short_directory()
    remembered.symlink_to(made)
    return made


def short_directory(prefix: str = "agentmesh-") -> Path:
    """A new directory, mode 0700, whose path leaves room for a socket's name."""
    room = SOCKET_PATH_BYTES - len(f"/.s.PGSQL.{PORT}.lock")
    for parent in ("/tmp", tempfile.gettempdir()):  # noqa: S108
        if os.access(parent, os.W_OK) and len(os.fsencode(parent)) + len(prefix) + 9 <= room:
            return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))
    raise PermissionError("Neither /tmp nor TMPDIR can hold a short directory for a socket.")


def tethered(
    command: Sequence[str], account: Account | None = None, orphaned: int = signal.SIGKILL
) -> list[str]:
    """`command`, to be started by this process and to get `orphaned` when this process ends."""
    user = f"{account.uid}:{account.gid}" if account else "-"
    knot = [sys.executable, "-I", "-S", str(Path(tether.__file__))]
    return [*knot, str(os.getpid()), str(int(orphaned)), user, *command]


def _make_home(home: Path, account: Account | None) -> None:
    home.parent.mkdir(parents=True, exist_ok=True)
    if account is None or account.reaches(home.parent):
        home.mkdir(mode=0o700)
    else:
        home.symlink_to(tempfile.mkdtemp(prefix="cluster-", dir=binaries.outside()))
    if account is not None:
        account.own(home.resolve())
