"""A PostgreSQL that lives as long as the process that asked for it, for tests.

    AGENTMESH_TEST_PASSWORD=… python -m agentmesh_release.runtime.temporary DIRECTORY

DIRECTORY is short, private and new. Everything lies in it; the file `ready` appears in it when the
server answers, `failed` with the reason when it cannot. When standard input ends, which it does
however the process at its other end dies, the server is ended and DIRECTORY removed.
"""

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import psycopg

from . import postgres
from .provision import APP, DATABASE, OWNER, USER, provision

START_S = 60
PASSWORD = "AGENTMESH_TEST_PASSWORD"


def url(directory: Path, password: str, role: str = OWNER, database: str = DATABASE) -> str:
    """The URL of a database of the cluster in `directory`; known before it runs."""
    return postgres.socket_url(directory / "sockets", role, password, database)


def wait(directory: Path) -> None:
    """Return when the server answers. Raises RuntimeError with the reason when it cannot."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        if (directory / "ready").exists():
            return
        if (directory / "failed").exists():
            raise RuntimeError((directory / "failed").read_text())
        time.sleep(0.02)
    raise RuntimeError(f"The temporary PostgreSQL did not answer within {START_S} s.")


def start(directory: Path, password: str) -> subprocess.Popen[bytes]:
    """Start the holder below; keep its `stdin` open for as long as the server is needed."""
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", __name__, str(directory)],
        env={**os.environ, PASSWORD: password},
        stdin=subprocess.PIPE,
        start_new_session=True,
        cwd=Path(__file__).parent.parent.parent,
    )


def main(directory: Path, password: str) -> None:
    """Hold a server until standard input ends."""
    gone = threading.Event()
    threading.Thread(target=_watch, args=(gone,), daemon=True).start()
    server: subprocess.Popen[bytes] | None = None
    try:
        cluster = _prepare(directory)
        cluster.initialise(password)
        server = _serve(cluster, directory)
        _until_ready(cluster, server, gone)
        superuser = cluster.url(postgres.SUPERUSER, password, "postgres")
        provision(superuser, dict.fromkeys((OWNER, USER, APP), password), may_create=True)
        (directory / "ready").touch()
        gone.wait()
    except (OSError, RuntimeError, LookupError, psycopg.Error) as error:
        (directory / "failed").write_text(f"{error}\n{_log(directory)}")
        gone.wait()
    finally:
        if server is not None:
            server.send_signal(signal.SIGQUIT)  # at once: nothing here is worth a checkpoint
            server.wait()
        if (directory / "cluster").is_symlink():
            shutil.rmtree((directory / "cluster").resolve(), ignore_errors=True)
        shutil.rmtree(directory, ignore_errors=True)


def _prepare(directory: Path) -> postgres.Cluster:
    directory.chmod(0o711)  # PostgreSQL's user passes through
    sockets = directory / "sockets"
    sockets.mkdir(mode=0o700)
    name = f"test-{directory.name}"
    return postgres.prepare(directory / "cluster", name, sockets, postgres.FORGETFUL)


def _serve(cluster: postgres.Cluster, directory: Path) -> subprocess.Popen[bytes]:
    with (directory / "log").open("wb") as log:
        return subprocess.Popen(  # noqa: S603
            postgres.tethered(cluster.command(), cluster.account, signal.SIGQUIT),
            env={**os.environ, **postgres.ENVIRONMENT},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
        )


def _until_ready(
    cluster: postgres.Cluster, server: subprocess.Popen[bytes], gone: threading.Event
) -> None:
    while not cluster.accepts():
        if server.poll() is not None or gone.wait(0.01):
            raise RuntimeError("The temporary PostgreSQL ended before it answered.")


def _log(directory: Path) -> str:
    with contextlib.suppress(OSError):
        return (directory / "log").read_text(errors="replace")[-2000:]
    return ""


def _watch(gone: threading.Event) -> None:
    while os.read(0, 1024):
        pass
    gone.set()


if __name__ == "__main__":
    main(Path(sys.argv[1]), os.environ[PASSWORD])
