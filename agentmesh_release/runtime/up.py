"""`manage.py up`: opens the house, keeps it, and stops it when asked to.

It runs before Django's settings can be read, since it makes what they read (see manage.py).
"""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path

import psycopg

from . import processes, tether, variables
from .lock import HouseLock, Occupied
from .logs import Log
from .opening import CannotOpen, Opening
from .place import Place
from .ports import NoPort
from .supervisor import Ended, Supervisor

CHECKOUT = Path(__file__).resolve().parent.parent.parent
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
REFUSALS = (CannotOpen, NoPort, Ended, LookupError, OSError, RuntimeError, psycopg.Error)


def arguments(parser: argparse.ArgumentParser) -> None:
    """The options; each has an environment variable, since `make run` passes those."""
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or 8000)
    parser.add_argument("--repo", default=os.environ.get("REPO") or "", metavar="PATH")


def main(given: Sequence[str]) -> int:
    """Run until a signal asks to stop; the exit code is 0 then, 1 where it could not open."""
    parser = argparse.ArgumentParser("manage.py up", description=__doc__)
    arguments(parser)
    options = parser.parse_args(given)
    return run(options.port, options.repo)


def run(port: int, repo: str) -> int:
    """Take the house's lock, clear what an earlier run left, open."""
    if os.environ.get("AGENTMESH_END_WITH_PARENT"):  # `make` may be killed too
        tether.die_with_parent(os.getppid(), signal.SIGTERM)
    repository = Path(repo).expanduser().resolve() if repo else None
    os.chdir(CHECKOUT)
    operator = variables.Given.to(CHECKOUT)
    place = Place.of(CHECKOUT)
    try:
        if repository and not repository.exists():
            raise CannotOpen(f"REPO={repo} does not exist.")
        place.make()
        lock = HouseLock(place.lock)
        lock.take()
    except PermissionError as error:
        return _refuse(
            f"{error.filename} cannot be written: start as the user that it belongs to, "
            "or set VAR_DIR to another directory."
        )
    except (Occupied, CannotOpen, OSError) as refusal:
        return _refuse(str(refusal))
    return asyncio.run(_live(place, operator, port, repository, lock))


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


async def _live(
    place: Place, given: variables.Given, port: int, repository: Path | None, lock: HouseLock
) -> int:
    log = Log()
    cleared = processes.kill(processes.of_house(place.mark))
    if cleared:
        log.announce(f"Cleared {cleared} processes that an earlier run left.")
    supervisor = Supervisor(place.mark, log)
    opening = Opening(place, given, port, repository, log, supervisor, lock)
    stopped = _on_signal(supervisor)
    task = asyncio.create_task(opening.open())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        code = _outcome(task, log)
        if code == 0:
            await stopped
            log.announce("Stopping; press Ctrl-C again to wait for nothing.")
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await supervisor.stop()
        opening.close()
        log.announce("Stopped.")
        log.close()
    return code


def _on_signal(supervisor: Supervisor) -> asyncio.Future[None]:
    """What is done when the first signal came; the second one hurries."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[None] = loop.create_future()

    def hear() -> None:
        if stopped.done():
            supervisor.hurry()
        else:
            stopped.set_result(None)

    for signum in STOPPING:
        if signal.getsignal(signum) is not signal.SIG_IGN:  # nohup asked us to stay
            loop.add_signal_handler(signum, hear)
    return stopped


def _outcome(task: asyncio.Task[None], log: Log) -> int:
    """0 unless the house could not open, for a reason that is said."""
    if not task.done() or task.cancelled():
        return 0
    error = task.exception()
    if error is None:
        return 0
    if not isinstance(error, REFUSALS):
        raise error
    log.announce(f"AgentMesh Release could not start: {error}")
    return 1
