"""The processes of a house, as the table that the supervisor reads."""

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from . import postgres as postgresql
from .place import Place
from .supervisor import Child

# glibc gives each thread an arena of its own; two are enough and keep a process small.
# Without compiled files each process compiles the whole project anew, which is half of its start.
LEAN = {"PYTHONUNBUFFERED": "1", "MALLOC_ARENA_MAX": "2", "PYTHONDONTWRITEBYTECODE": ""}


def postgres(cluster: postgresql.Cluster) -> Child:
    """The embedded server. SIGINT is its fast shutdown, SIGQUIT its immediate one, with which no
    backend outlives it."""
    return Child(
        "postgres",
        cluster.command(),
        postgresql.ENVIRONMENT,
        stop=signal.SIGINT,
        orphaned=signal.SIGQUIT,
        clear=cluster.clear,
        account=cluster.account,
    )


def manage(variables: Mapping[str, str], *arguments: str) -> Child:
    """One command of `manage.py`; its lines are marked with the command's first word."""
    name = arguments[0].split("_")[0]
    return Child(name, python("manage.py", *arguments), {**LEAN, **variables})


def sandbox(place: Place, variables: Mapping[str, str], port: int) -> Child:
    """The providers' look-alikes, for the demo world. Its database's URL holds a password, so it
    goes by the environment; a command line is everybody's to read."""
    command = python("-m", "agentmesh_release.sandbox", "--port", str(port))
    command += ["--state", str(place.sandbox)]
    return Child("sandbox", command, {**LEAN, **variables}, grace_s=5)


def web(variables: Mapping[str, str], fds: Sequence[int]) -> Child:
    """The web server on sockets that are open already: a master, and WEB_WORKERS workers."""
    command = python("-m", "agentmesh_release.runtime.web")
    command += [part for fd in fds for part in ("--fd", str(fd))]
    command += ["--app", "agentmesh_release.asgi:application"]
    command += ["--http", "agentmesh_release.core.edge.protocol:EdgeProtocol"]
    command += ["--workers", variables.get("WEB_WORKERS", "1")]
    return Child("web", command, {**LEAN, **variables}, grace_s=10, fds=tuple(fds))


def worker(variables: Mapping[str, str]) -> Child:
    """Celery's worker; it sweeps too, so nothing waits for a message."""
    # As root Celery warns of unpickling strangers' tasks; ours are JSON (accept_content).
    quiet = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser"}
    command = celery("worker", "--without-gossip", "--without-mingle", "--without-heartbeat")
    return Child("worker", command, {**LEAN, **quiet, **variables})


def beat(place: Place, variables: Mapping[str, str]) -> Child:
    """Celery's beat: calendar work only."""
    command = celery("beat", "--schedule", str(place.beat / "schedule"), "--pidfile=")
    return Child("beat", command, {**LEAN, **variables}, grace_s=5)


def celery(*arguments: str) -> list[str]:
    return python("-m", "celery", "--app", "agentmesh_release.celery", "--quiet", *arguments)


def python(*arguments: str) -> list[str]:
    return [sys.executable, *arguments]


def is_repository(path: Path) -> bool:
    """Whether git could read history there: a work tree or a bare repository."""
    return (path / ".git").exists() or ((path / "HEAD").exists() and (path / "objects").is_dir())
