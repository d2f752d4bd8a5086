"""Measures an import: `python -m bench.imports REPOSITORY [--runs 3]`.

The whole command `manage.py import_repo`, from start to exit, on a PostgreSQL of its own: wall
seconds, and the peak memory of the largest process (git and ours; the server is not counted). Each
run imports a clone of its own, then the same clone again. Goal, 16,208 commits and hundreds of tags
on 2 cores: at most 15 s and 300 MB.
"""

import argparse
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from agentmesh_release.runtime import temporary
from agentmesh_release.runtime.postgres import short_directory

ROOT = Path(__file__).resolve().parents[2]
# getrusage(2): kilobytes on Linux, bytes on macOS.
_UNITS_PER_MB = 1_000_000 if sys.platform == "darwin" else 1_000


class Run(NamedTuple):
    wall_s: float
    cpu_s: float
    peak_mb: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("repository", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with _database() as variables, tempfile.TemporaryDirectory() as folder:
        _once(["migrate", "--no-input", "--verbosity=0"], variables)
        first, again = [], []
        for number in range(asked.runs):
            clone = Path(folder) / f"clone-{number}.git"
            subprocess.run(  # noqa: S603
                ["git", "clone", "--quiet", "--bare", str(asked.repository.resolve()), str(clone)],  # noqa: S607
                check=True,
            )
            first.append(_once(["import_repo", str(clone)], variables))
            again.append(_once(["import_repo", str(clone)], variables))
    print(f"first: {_shown(first)}\nagain: {_shown(again)}")


@contextmanager
def _database() -> Iterator[Mapping[str, str]]:
    """The environment of commands on a PostgreSQL that ends with this."""
    directory, password = short_directory("agentmesh-bench-"), secrets.token_hex(16)
    holder = temporary.start(directory, password)
    try:
        temporary.wait(directory)
        yield {
            **os.environ,
            "DATABASE_URL": temporary.url(directory, password),
            "SECRET_KEY": secrets.token_hex(32),
            "AUDIT_KEY": secrets.token_hex(32),
            "VAR_DIR": str(directory),
        }
    finally:
        holder.communicate(timeout=30)


def _once(words: Sequence[str], variables: Mapping[str, str]) -> Run:
    """Run one command of `manage.py`; `wait4` tells what it and its git took."""
    started = time.perf_counter()
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "manage.py", *words],
        cwd=ROOT,
        env=dict(variables),
        stdout=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{words[0]} ended with {process.returncode}.")
    cpu_s = usage.ru_utime + usage.ru_stime
    return Run(time.perf_counter() - started, cpu_s, usage.ru_maxrss / _UNITS_PER_MB)


def _shown(runs: Sequence[Run]) -> str:
    walls = [run.wall_s for run in runs]
    return (
        f"n={len(runs)} median={median(walls):.2f} s min={min(walls):.2f} s max={max(walls):.2f} s"
        f" cpu={median(run.cpu_s for run in runs):.2f} s"
        f" peak={max(run.peak_mb for run in runs):.0f} MB"
    )


if __name__ == "__main__":
    main()
