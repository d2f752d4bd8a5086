"""Measures task pickup: `python -m bench.pickup [--wakes 500]`, with the settings' broker.

From `wake()` in this process to the first line of the task in a worker process, over irregular
pauses, so that no wake meets the worker's polling in step. Goal (DESIGN: speed): p99 ≤ 25 ms with
the embedded broker, ≤ 10 ms with Redis. Needs DATABASE_URL, migrated, and BROKER_URL or REDIS_URL.
"""

import argparse
import random
import socket
import subprocess
import sys
import time

import django
from django.conf import settings

from bench.figures import shown

WORKER = "-m celery --quiet -A bench.pickup.worker worker --without-gossip --without-mingle"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wakes", type=int, default=500)
    wakes = parser.parse_args().wakes
    django.setup()
    worker = subprocess.Popen(  # noqa: S603
        [sys.executable, *WORKER.split(), "--without-heartbeat", "--loglevel=WARNING"]
    )
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as back:
            back.bind(("127.0.0.1", 0))
            _measure(back, 20)
            broker = settings.BROKER_URL.partition(":")[0]
            print(f"pickup over {broker}: {shown(_measure(back, wakes))}")
    finally:
        worker.terminate()
        worker.wait(20)


def _measure(back: socket.socket, wakes: int) -> list[float]:
    """Milliseconds for each wake; the first waits until the worker is up."""
    from agentmesh_release.core.publishing import wake

    late_ms = []
    back.settimeout(30)
    for _ in range(wakes):
        wake("bench.pickup", time.time_ns(), back.getsockname()[1])
        late_ms.append(int(back.recv(100)) / 1e6)
        time.sleep(random.uniform(0.005, 0.06))  # noqa: S311
    return late_ms


if __name__ == "__main__":
    main()
