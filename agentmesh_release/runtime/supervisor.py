"""Starts processes, streams what they say, restarts what dies, stops everything in order.

It knows nothing of what the processes are: they come as a table of `Child` (see house.py).
All of them are started from the main thread, to which the kernel ties their lives (tether.py).
"""

import asyncio
import contextlib
import os
import signal
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from . import processes
from .account import Account
from .logs import Log
from .postgres import tethered

FIRST_DELAY_S, LAST_DELAY_S = 0.1, 15.0
HEALTHY_AFTER_S = 20.0
KILL_AFTER_S = 5.0
LINE_BYTES = 64 * 1024


def nothing() -> None:
    """What most children need cleared."""


@dataclass(frozen=True)
class Child:
    """One process to keep alive.

    `stop` asks it to end and `grace_s` is how long it may take; `orphaned` is what it gets when the
    supervisor itself is gone; `clear` runs before each start and after the end and clears what a
    killed predecessor left (its marked descendants are always cleared); `fds` stay open in it;
    `account` is the user to run as, None for ours.
    """

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    stop: signal.Signals = signal.SIGTERM
    grace_s: float = 10.0
    orphaned: signal.Signals = signal.SIGKILL
    clear: Callable[[], None] = nothing
    fds: Sequence[int] = ()
    account: Account | None = None


class Ended(Exception):
    """A command that had to succeed did not; `code` is its exit code."""

    def __init__(self, name: str, code: int) -> None:
        super().__init__(f"{name} {described(code)}")
        self.code = code


class Supervisor:
    """Keeps children of the house `mark` alive until `stop` is called."""

    def __init__(self, mark: str, log: Log) -> None:
        self._mark = mark
        self._log = log
        self._kept: dict[str, tuple[Child, asyncio.Task[None]]] = {}
        self._running: dict[str, asyncio.subprocess.Process] = {}
        self._streams: dict[str, asyncio.Task[None]] = {}
        self._hurry = asyncio.Event()

    def keep(self, child: Child) -> None:
        """Start the child, and again whenever it ends: at once, then ever more slowly."""
        task = asyncio.create_task(self._keep(child), name=child.name)
        self._kept[child.name] = (child, task)

    async def once(self, child: Child) -> None:
        """Run the child to its end; raises Ended unless it succeeds."""
        process = await self._start(child)
        try:
            code = await process.wait()
        finally:
            self._running.pop(child.name, None)
            if process.returncode is None:
                process.kill()
        await self._last_words(child)
        if code != 0:
            raise Ended(child.name, code)

    def alive(self) -> bool:
        """Whether every kept child has a process right now."""
        return all(name in self._running for name in self._kept)

    def hurry(self) -> None:
        """Wait for nobody any more: what is being stopped gets killed."""
        self._hurry.set()

    async def stop(self) -> None:
        """Stop the children one after the other, the last started first, each in its grace."""
        for _, task in self._kept.values():
            task.cancel()
        await asyncio.gather(*(task for _, task in self._kept.values()), return_exceptions=True)
        for child, _ in reversed(self._kept.values()):
            await self._end(child)
        processes.kill(processes.of_house(self._mark))

    async def _keep(self, child: Child) -> None:
        delay_s = FIRST_DELAY_S
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            end = await self._live(child)
            if clock() - began >= HEALTHY_AFTER_S:
                delay_s = FIRST_DELAY_S
            self._log.say(child.name, f"{end}; starting again in {delay_s:.1f} s")
            await asyncio.sleep(delay_s)
            delay_s = min(delay_s * 2, LAST_DELAY_S)

    async def _live(self, child: Child) -> str:
        """Start the child and wait for its end; returns that in words."""
        try:
            process = await self._start(child)
        except OSError as error:
            return f"could not start ({error})"
        code = await process.wait()
        self._running.pop(child.name, None)
        await self._last_words(child)
        return described(code)

    async def _start(self, child: Child) -> asyncio.subprocess.Process:
        self._clear(child)
        # A pipe of our own: asyncio would count a process as running for as long as any of its
        # descendants holds the pipe (gh-119710).
        reading, writing = os.pipe()
        try:
            process = await asyncio.create_subprocess_exec(
                *tethered(child.command, child.account, child.orphaned),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=writing,
                stderr=writing,
                cwd="/" if child.account else None,
                env={**os.environ, **child.environment, **self._marks(child)},
                start_new_session=True,  # the terminal's Ctrl-C is for the supervisor alone
                pass_fds=child.fds,
            )
        except BaseException:
            os.close(reading)
            raise
        finally:
            os.close(writing)
        self._running[child.name] = process
        stream = asyncio.create_task(self._stream(child.name, reading))
        self._streams[child.name] = stream
        return process

    def _clear(self, child: Child) -> None:
        processes.kill(processes.of_house(self._mark, child.name))
        child.clear()

    def _marks(self, child: Child) -> dict[str, str]:
        return {processes.HOUSE: self._mark, processes.ROOM: child.name}

    async def _stream(self, name: str, reading: int) -> None:
        """Hand on what comes out of the pipe, a line that never ends in pieces."""
        output = asyncio.StreamReader(limit=LINE_BYTES)
        await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(output), os.fdopen(reading, "rb", buffering=0)
        )
        while True:
            try:
                line = await output.readuntil()
            except asyncio.LimitOverrunError as overrun:
                line = await output.readexactly(max(overrun.consumed, 1))
            except asyncio.IncompleteReadError as end:
                if end.partial:
                    self._log.say(name, end.partial.decode(errors="replace"))
                return
            self._log.say(name, line.decode(errors="replace"))

    async def _last_words(self, child: Child) -> None:
        """Read on until the pipe ends; a descendant that still holds it is not waited for."""
        await asyncio.wait({self._streams[child.name]}, timeout=0.2)

    async def _end(self, child: Child) -> None:
        process = self._running.pop(child.name, None)
        if child.name not in self._streams:
            return  # it never came to its start
        if process is not None and process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(child.stop)
            if not await self._ended(process, child.grace_s):
                self._log.say(child.name, f"did not end within {child.grace_s:.0f} s; killed")
                await self._kill(process, child)
        await self._last_words(child)
        self._clear(child)

    async def _kill(self, process: asyncio.subprocess.Process, child: Child) -> None:
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(child.orphaned)
        if not await _within(process.wait(), KILL_AFTER_S):
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await _within(process.wait(), KILL_AFTER_S)

    async def _ended(self, process: asyncio.subprocess.Process, grace_s: float) -> bool:
        """Wait for the end, the grace or a second Ctrl-C, whichever comes first."""
        waits = [asyncio.ensure_future(process.wait()), asyncio.ensure_future(self._hurry.wait())]
        await asyncio.wait(waits, timeout=grace_s, return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return process.returncode is not None


async def _within(wait: Awaitable[object], seconds: float) -> bool:
    try:
        await asyncio.wait_for(wait, seconds)
    except TimeoutError:
        return False
    return True


def described(code: int) -> str:
    """An exit code in words, e.g. "was killed by SIGKILL" for -9."""
    if code >= 0:
        return f"ended with exit code {code}"
    try:
        return f"was killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"was killed by signal {-code}"
