"""Switches off one guard at a time and expects a red test for each: `make mutants`.

A guard whose loss nothing notices is not held by a test. Each mutant of `mutants.toml` is a change
of source in a copy of the checkout; `make mutants ARGS='seal host'` tries those of such names.
"""

import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
MUTANTS = CHECKOUT / "tests" / "mutants.toml"
PASSED, FAILED = 0, 1
LONGEST_S = 240


@dataclass(frozen=True)
class Mutant:
    """In `path`, `guard` (it stands there once) becomes `instead`; one of `tests` turns red."""

    name: str
    path: str
    guard: str
    instead: str
    tests: list[str]


@dataclass(frozen=True)
class Verdict:
    """What came of one mutant: `killed`, `survived`, or why it could not be tried."""

    mutant: Mutant
    word: str
    seconds: float
    tests: str = ""

    def __str__(self) -> str:
        return f"{self.word:9} {self.seconds:5.0f} s  {self.mutant.name:52} {self.tests}"


def main(words: Sequence[str]) -> int:
    """Try them one after the other; 1 when one survives or does not fit its source any more."""
    known = [Mutant(**each) for each in tomllib.loads(MUTANTS.read_text())["mutant"]]
    chosen = [each for each in known if not words or any(word in each.name for word in words)]
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copy = _copied(Path(folder) / "checkout")
        verdicts = []
        for mutant in chosen:
            verdicts.append(_try(copy, mutant))
            print(verdicts[-1], flush=True)
    left = [verdict for verdict in verdicts if verdict.word != "killed"]
    print(f"\n{len(verdicts) - len(left)} of {len(verdicts)} mutants were killed.")
    return 1 if left or not verdicts else 0


def _copied(to: Path) -> Path:
    """The files of the checkout as they are now, without what git ignores."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=CHECKOUT,
        stdout=subprocess.PIPE,
        check=True,
    )
    for name in filter(None, listed.stdout.decode().split("\0")):
        if (CHECKOUT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(CHECKOUT / name, to / name)
    return to


def _try(copy: Path, mutant: Mutant) -> Verdict:
    path = copy / mutant.path
    sound = path.read_text()
    began = time.monotonic()
    if sound.count(mutant.guard) != 1:
        return Verdict(mutant, "no guard", 0, f"{mutant.path} does not hold it once any more")
    path.write_text(sound.replace(mutant.guard, mutant.instead))
    try:
        code, last = _tested(copy, mutant.tests)
    finally:
        path.write_text(sound)
    word = {PASSED: "survived", FAILED: "killed"}.get(code, "broken")
    return Verdict(mutant, word, time.monotonic() - began, last)


def _tested(copy: Path, tests: Iterable[str]) -> tuple[int, str]:
    """pytest's exit code, and the last line of what it said."""
    every = ["-m", "faults or not faults"]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *every, *tests]
    try:
        done = subprocess.run(
            command, cwd=copy, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=LONGEST_S,
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return FAILED, f"no end within {LONGEST_S} s"
    lines = [line for line in done.stdout.splitlines() if line.strip()]
    named = [line for line in lines if line.startswith(("FAILED", "ERROR"))]
    return done.returncode, (named or lines or [""])[-1][:120]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
