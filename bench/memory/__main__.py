"""Measures idle memory: `python -m bench.memory [--after 20]`, Linux only.

Web, worker and beat run for a while, a few pages were asked for; PSS (shared pages shared out) of
each with its children, from /proc/*/smaps_rollup. Goal (DESIGN: speed): ≤ 350 MB together.
Needs DATABASE_URL, migrated, and `manage.py collectstatic`.
"""

import argparse
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import ExitStack
from pathlib import Path

CELERY = "-m celery --quiet -A agentmesh_release.celery"
WORKER = f"{CELERY} worker --without-gossip --without-mingle --without-heartbeat"
BEAT = f"{CELERY} beat --pidfile="


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--after", type=float, default=20, help="seconds")
    after_s = parser.parse_args().after
    with ExitStack() as running, socket.create_server(("127.0.0.1", 0)) as listening:
        descriptor = listening.fileno()
        web = f"-m agentmesh_release.core.edge --fd {descriptor}"
        started = {
            name: running.enter_context(
                subprocess.Popen([sys.executable, *command.split()], pass_fds=[descriptor])  # noqa: S603
            )
            for name, command in (("web", web), ("worker", WORKER), ("beat", BEAT))
        }
        try:
            _look_at_pages(listening.getsockname()[1])
            time.sleep(after_s)
            _say({name: _pss_mb(process.pid) for name, process in started.items()})
        finally:
            for process in started.values():
                process.terminate()


def _look_at_pages(port: int) -> None:
    for path in ("/sign-in/", "/status/", "/livez") * 3:
        with urllib.request.urlopen(f"http://localhost:{port}{path}", timeout=30) as answer:
            answer.read()


def _say(pss_mb: dict[str, float]) -> None:
    for name, megabytes in pss_mb.items():
        print(f"{name:8} {megabytes:6.1f} MB")
    print(f"{'together':8} {sum(pss_mb.values()):6.1f} MB of 350")


def _pss_mb(pid: int) -> float:
    own = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    kilobytes = next(int(line.split()[1]) for line in own if line.startswith("Pss:"))
    return kilobytes / 1_024 + sum(_pss_mb(int(child)) for child in children)


if __name__ == "__main__":
    main()
