"""What can go wrong in a house, each as one function of the town; it comes back by itself."""

import shutil
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import psutil

from tests.watching import soon

from .town import LEASE_S, SECOND, Town

# Told to let go of whoever is held at a boundary, at the right moment of the wrong.
LetGo = Callable[[], None]


@dataclass(frozen=True)
class Wrong:
    """`happen` lets it happen to a town in which a worker may stand at a boundary."""

    name: str
    happen: Callable[[Town, LetGo], None]
    loses_database: bool = False

    def __str__(self) -> str:
        return self.name


def _kill(room: str, which: int = 0) -> Callable[[Town, LetGo], None]:
    def happen(town: Town, let_go: LetGo) -> None:
        town.house.rooms(room)[which].kill()
        let_go()

    return happen


def _wake(worker: psutil.Process) -> None:
    """It may be gone by then: wrongs that come by chance may kill what another one paused."""
    with suppress(psutil.NoSuchProcess):
        worker.send_signal(signal.SIGCONT)


def _freeze_worker(town: Town, let_go: LetGo) -> None:
    """Past its lease, with another worker there; then it wakes up beside it."""
    frozen = town.house.rooms("worker")[0]
    frozen.send_signal(signal.SIGSTOP)
    try:
        let_go()
        with town.second_worker():
            time.sleep(LEASE_S + 4)
            _wake(frozen)
            time.sleep(1)
    finally:
        _wake(frozen)


def _pause_worker(town: Town, let_go: LetGo) -> None:
    """Within its lease, for about as long as a rollback takes."""
    paused = town.house.rooms("worker")[0]
    paused.send_signal(signal.SIGSTOP)
    let_go()
    waking = threading.Timer(LEASE_S - 1, _wake, [paused])
    waking.start()


def _kill_supervisor(town: Town, let_go: LetGo) -> None:
    town.house.told.process.kill()
    town.house.told.process.wait()
    assert soon(lambda: town.house.left(but=SECOND) == [], 30), town.house.left(but=SECOND)
    town.start()
    let_go()


def _delete_the_broker(town: Town, let_go: LetGo) -> None:
    shutil.rmtree(town.house.place.spool, ignore_errors=True)
    let_go()


WORKER_KILLED = Wrong("SIGKILL of the worker", _kill("worker"))
POSTGRES_KILLED = Wrong("SIGKILL of PostgreSQL", _kill("postgres"), loses_database=True)
SUPERVISOR_KILLED = Wrong("SIGKILL of the supervisor", _kill_supervisor, loses_database=True)
WORKER_FROZEN = Wrong("SIGSTOP of the worker past its lease", _freeze_worker)
WORKER_PAUSED = Wrong("SIGSTOP of the worker within its lease", _pause_worker)
WEB_MASTER_KILLED = Wrong("SIGKILL of the web master", _kill("web"))
WEB_WORKER_KILLED = Wrong("SIGKILL of a web worker", _kill("web", -1))
SANDBOX_KILLED = Wrong("SIGKILL of the sandbox", _kill("sandbox"))
BROKER_DELETED = Wrong("the broker's files deleted", _delete_the_broker)

SEVERE = (WORKER_KILLED, POSTGRES_KILLED, WORKER_FROZEN, SUPERVISOR_KILLED)
LIGHT = (BROKER_DELETED, WEB_WORKER_KILLED, WEB_MASTER_KILLED, SANDBOX_KILLED)
