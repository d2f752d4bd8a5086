"""Measures live streams: `python -m bench.live [--clients 1000] [--flips 50]`.

A web process of its own serves the streams; the crowd sits in this process. A flip is a committed
NOTIFY, its time runs from before the commit until the last byte of the event is read, by each
client. Pages are asked for one after the other, without the crowd and with it, while flips go on.
Goals (DESIGN: speed): flip to 1,000 clients p99 ≤ 100 ms; pages stay quick.
Needs DJANGO_SETTINGS_MODULE, DATABASE_URL, migrated, and `manage.py collectstatic`.
"""

import argparse
import asyncio
import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import uvloop

from agentmesh_release.core.edge import tickets
from bench.figures import shown
from bench.live.clients import Crowd

PER_PERSON = 20


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=1_000)
    parser.add_argument("--flips", type=int, default=50)
    parser.add_argument("--page", default="/sign-in/")
    parser.add_argument("--quiet", action="store_true", help="ask for no pages meanwhile")
    options = parser.parse_args()
    resource.setrlimit(
        resource.RLIMIT_NOFILE, (8_192, resource.getrlimit(resource.RLIMIT_NOFILE)[1])
    )
    with socket.create_server(("127.0.0.1", 0), backlog=2_048) as listening:
        port = listening.getsockname()[1]
        web = _web(listening)
        try:
            await _measure(options, port, web.pid)
        finally:
            web.terminate()
            web.wait(15)


async def _measure(options: argparse.Namespace, port: int, pid: int) -> None:
    await _until_up(port)
    alone = await _pages(port, options.page, lambda: False, 200)
    print(f"page {options.page} with no stream open: {shown(alone)}")
    crowd, idle = Crowd(port), _pss_mb(pid)
    await crowd.gather(options.clients, _ticket)
    await asyncio.sleep(1)
    print(f"{options.clients} streams open, {_pss_mb(pid) - idle:.0f} MB more in the web process")
    idle_s = _cpu_s(pid)
    flips = asyncio.create_task(_flips(crowd, options.flips, options.clients))
    crowded = [] if options.quiet else await _pages(port, options.page, flips.done, 10_000)
    print(f"flip to {options.clients} clients: {shown(await flips)}")
    if crowded:
        print(f"page {options.page} meanwhile: {shown(crowded)}")
    print(f"processor time of the web process: {_cpu_s(pid) - idle_s:.1f} s")
    crowd.leave()


async def _flips(crowd: Crowd, flips: int, clients: int) -> list[float]:
    """Milliseconds from before each commit to its arrival, for every client of every flip."""
    late_ms: list[float] = []
    async with await psycopg.AsyncConnection.connect(os.environ["DATABASE_URL"]) as connection:
        for number in range(flips):
            crowd.heard.clear()
            began = time.perf_counter()
            await connection.execute("SELECT pg_notify('live', %s)", [f"switches flip:{number}"])
            await connection.commit()
            async with asyncio.timeout(10):
                while len(crowd.heard) < clients:
                    await asyncio.sleep(0.05)
            await asyncio.sleep(0.2)
            late_ms += [(at - began) * 1_000 for at in crowd.heard]
    return late_ms


async def _pages(port: int, page: str, is_enough: Callable[[], bool], most: int) -> list[float]:
    took_ms: list[float] = []
    while len(took_ms) < most and not is_enough():
        began = time.perf_counter()
        status = await _get(port, page)
        if status != 200:
            raise RuntimeError(f"{page} answered {status}.")
        took_ms.append((time.perf_counter() - began) * 1_000)
        await asyncio.sleep(0.02)
    return took_ms


async def _get(port: int, path: str) -> int:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    answer = await reader.read()
    writer.close()
    return int(answer.split(b" ", 2)[1])


async def _until_up(port: int) -> None:
    async with asyncio.timeout(30):
        while await _get(port, "/readyz") != 200:
            await asyncio.sleep(0.1)


def _web(listening: socket.socket) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "agentmesh_release.core.edge", "--fd", str(listening.fileno())],
        pass_fds=[listening.fileno()],
    )


def _ticket(number: int) -> str:
    """The header of that client: twenty browsers a person."""
    return f"Cookie: live={tickets.issue(number // PER_PERSON, 'bench', time.time())}"


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _pss_mb(pid: int) -> float:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in rollup if line.startswith("Pss:")) / 1_024


if __name__ == "__main__":
    uvloop.run(main())
