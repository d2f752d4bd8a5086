"""The processes of one house, found by the mark in their environment, and how they are ended.

A mark outlives what a recorded pid does not: a reboot, a recycled number, a process that nobody
wrote down. PostgreSQL writes its titles over its environment, so its cluster's name is its mark.
"""

import contextlib
import os
import signal
from collections.abc import Iterable

import psutil

HOUSE, ROOM = "AGENTMESH_HOUSE", "AGENTMESH_ROOM"


def of_house(house: str, room: str | None = None) -> list[psutil.Process]:
    """The living processes that carry this house's mark (of one room of it), without ourselves and
    those we descend from."""
    kin = {os.getpid(), *(parent.pid for parent in psutil.Process().parents())}
    return [
        process
        for process in psutil.process_iter()
        if process.pid not in kin and _belongs(process, house, room)
    ]


def of_cluster(name: str) -> list[psutil.Process]:
    """The postmaster and the backends of the PostgreSQL cluster `name`, orphans included."""
    return [process for process in psutil.process_iter() if _serves(process, name)]


def end(processes: Iterable[psutil.Process], grace_s: float) -> int:
    """Ask each to end (SIGTERM), kill what is left after `grace_s` seconds; returns how many."""
    known = list(processes)
    for process in known:
        _signal(process, signal.SIGTERM)
    _, left = psutil.wait_procs(known, timeout=grace_s)
    for process in left:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(left, timeout=5)
    return len(known)


def kill(processes: Iterable[psutil.Process]) -> int:
    """Kill each at once (SIGKILL) and wait until it is gone; returns how many."""
    known = list(processes)
    for process in known:
        _signal(process, signal.SIGKILL)
    psutil.wait_procs(known, timeout=5)
    return len(known)


def _belongs(process: psutil.Process, house: str, room: str | None) -> bool:
    try:
        environment = process.environ()
    except (psutil.Error, OSError):  # gone, a zombie, or somebody else's
        return False
    return environment.get(HOUSE) == house and room in (None, environment.get(ROOM))


def _serves(process: psutil.Process, name: str) -> bool:
    try:
        command = process.cmdline()
    except (psutil.Error, OSError):
        return False
    if not command:
        return False
    backend = command[0].startswith(f"postgres: {name}: ")
    postmaster = f"cluster_name={name}" in command and command[0].endswith("/postgres")
    return backend or postmaster


def _signal(process: psutil.Process, signum: int) -> None:
    with contextlib.suppress(psutil.Error):
        process.send_signal(signum)
