"""Runs the commands that read a repository as a fresh clone has them: with no environment."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def manage(
    *arguments: str | Path, stdin: bytes = b"", where: Path = ROOT
) -> subprocess.CompletedProcess[str]:
    """`manage.py` in a process of its own, in a locale that knows ASCII alone."""
    return subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), *map(str, arguments)],
        input=stdin.decode("utf-8", "surrogateescape"),
        env={"PATH": os.environ["PATH"], "LC_ALL": "POSIX", "VAR_DIR": "/nowhere"},
        cwd=where,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
        check=False,
    )
