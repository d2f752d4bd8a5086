"""Measures the full changelog: `python -m bench.changelog REPOSITORY [--runs 5] [--peer COMMAND]`.

Whole processes, from start to exit: wall seconds and the peak memory of the largest process. The
peer is any command that prints the same for the repository, such as
`git-cliff --repository REPOSITORY`; it runs in turn with ours, so that the ratio of each pair
stands even when the machine's speed drifts. Goal (DESIGN: speed), 16,208 commits and hundreds of
tags on 2 cores: at most 2 s and 150 MB.
"""

import argparse
import os
import shlex
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[2]
# getrusage(2): kilobytes on Linux, bytes on macOS.
_UNITS_PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000


class Run(NamedTuple):
    wall_s: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peer", type=shlex.split, default=[])
    asked = parser.parse_args()
    own = [sys.executable, "manage.py", "changelog", "--repo", str(asked.repository.resolve())]
    _once(own)
    ours: list[Run] = []
    peers: list[Run] = []
    for _ in range(asked.runs):
        ours.append(_once(own))
        if asked.peer:
            peers.append(_once(asked.peer))
    print(f"changelog: {_shown(ours)}")
    if peers:
        ratio = median(peer.wall_s / our.wall_s for our, peer in zip(ours, peers, strict=True))
        print(f"peer:      {_shown(peers)}\nratio:     {ratio:.1f} times as long")


def _once(command: Sequence[str]) -> Run:
    """Run it with its output thrown away; `wait4` tells what this one child took."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603 (what was typed at this very command)
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    wall_s = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{shlex.join(command)} ended with {process.returncode}.")
    return Run(wall_s, usage.ru_maxrss / _UNITS_PER_MB)


def _shown(runs: Sequence[Run]) -> str:
    walls = [run.wall_s for run in runs]
    return (
        f"n={len(runs)} median={median(walls):.2f} s min={min(walls):.2f} s"
        f" max={max(walls):.2f} s peak={max(run.peak_mb for run in runs):.0f} MB"
    )


if __name__ == "__main__":
    main()
