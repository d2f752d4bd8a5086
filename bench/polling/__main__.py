"""Measures what polling costs a token: `python -m bench.polling [--projects 200] [--minutes 60]`.

The real polls read a sandbox that counts as GitHub does (5,000 calls an hour; 304 is free), one
after the other, each when its own interval says so, on a clock that jumps from one to the next.
Commits land meanwhile; half-way the process forgets all that it knows, as a restart would. Nothing
tells of what happens (no webhook), so this is what polling alone costs. Needs nothing but git.
Goal (DESIGN: speed): 200 projects within one token's 5,000 calls an hour.
"""

import argparse
import heapq
import os
import random
import secrets
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests

from agentmesh_release.runtime import temporary
from agentmesh_release.runtime.postgres import short_directory

ROOT = Path(__file__).resolve().parents[2]
AUTHOR = ("-c", "user.name=Bench", "-c", "user.email=bench@example.com")
# What asks GitHub; the readings of an app's database do so once for each commit.
KINDS = ("github", "github-hook", "security-alerts", "app-database")
SELDOM_S = {"app-database": 600.0}


class Sandbox:
    """The providers' look-alikes, as a process."""

    def __init__(self, state: Path) -> None:
        command = [sys.executable, "-m", "agentmesh_release.sandbox", "--port", "0"]
        options = ["--state", str(state), "--build-seconds", "0.2", "--check-seconds", "0.5"]
        self.process = subprocess.Popen(  # noqa: S603
            [*command, *options], stdout=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None  # noqa: S101  it is a pipe
        self.url = self.process.stdout.readline().split()[1].removesuffix("/_control/")

    def act(self, path: str, /, **wish: object) -> Any:
        return requests.post(f"{self.url}/_control/{path}", json=wish, timeout=60).json()

    def calls(self) -> int:
        """All calls to GitHub so far, free or not."""
        path = "/_control/requests?since=9999999999"
        counters = requests.get(self.url + path, timeout=60).json()["counters"]
        return sum(count for name, count in counters.items() if name.startswith("github "))

    def used(self) -> int:
        """What GitHub has counted of the token's hour."""
        headers = {"Authorization": "Bearer sandbox", "User-Agent": "bench"}
        answer = requests.get(f"{self.url}/github/rate_limit", headers=headers, timeout=60)
        return int(answer.json()["resources"]["core"]["used"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--commits", type=float, default=1, help="for each project in an hour")
    asked = parser.parse_args()
    with _database() as variables, tempfile.TemporaryDirectory() as folder:
        os.environ.update(variables)
        sandbox = Sandbox(Path(folder) / "sandbox")
        os.environ["SANDBOX_URL"] = sandbox.url
        try:
            _prepare(sandbox, Path(folder) / "repository", asked.projects)
            _measure(sandbox, asked)
        finally:
            sandbox.process.terminate()
            sandbox.process.communicate(timeout=30)


@contextmanager
def _database() -> Iterator[dict[str, str]]:
    directory, password = short_directory("agentmesh-bench-"), secrets.token_hex(16)
    holder = temporary.start(directory, password)
    try:
        temporary.wait(directory)
        yield {
            "DJANGO_SETTINGS_MODULE": "agentmesh_release.settings",
            "DATABASE_URL": temporary.url(directory, password),
            "SECRET_KEY": secrets.token_hex(32),
            "AUDIT_KEY": secrets.token_hex(32),
            "VAR_DIR": str(directory),
            "BROKER_URL": "memory://",
        }
    finally:
        holder.communicate(timeout=30)


def _prepare(sandbox: Sandbox, path: Path, projects: int) -> None:
    """A world with so many projects, each with a repository of its own at the sandbox."""
    import django

    django.setup()
    from django.core.management import call_command

    from releases import polling
    from releases.models import Environment, Project

    call_command("migrate", verbosity=0)
    call_command("create_world", kind="demo", verbosity=0)
    subprocess.run(["git", "init", "--quiet", "--initial-branch=main", str(path)], check=True)  # noqa: S603, S607
    for message in ("feat: one", "fix: two"):
        commit = ["git", *AUTHOR, "-C", str(path), "commit", "--quiet", "--allow-empty"]
        subprocess.run([*commit, "-m", message], check=True)  # noqa: S603
    subprocess.run(["git", "-C", str(path), "tag", "v1.0.0", "HEAD~1"], check=True)  # noqa: S603, S607
    for number in range(projects):
        name = f"p{number}"
        known = sandbox.act("repositories", path=str(path), name=name)
        project = Project.objects.create(slug=name, name=name, repository=known["repository"])
        Environment.objects.create(project=project, kind="production", domain=f"{name}.example")
        polling.ensure(project)


def _measure(sandbox: Sandbox, asked: argparse.Namespace) -> None:
    town = Town(sandbox, asked.commits)
    cold = town.cost(lambda: town.run_until(0))
    print(f"first reading of {asked.projects} projects: {cold}")
    half = asked.minutes * 30
    first = town.cost(lambda: town.run_until(half))
    print(f"{asked.minutes / 2:g} min: {first}")
    town.forget()
    second = town.cost(lambda: town.run_until(2 * half))
    print(f"{asked.minutes / 2:g} min after a restart: {second}")
    counted = (first["counted"] + second["counted"]) * 60 / asked.minutes
    calls = (first["calls"] + second["calls"]) * 60 / asked.minutes
    print(
        f"an hour of {asked.projects} projects, {asked.commits:g} commits an hour each:"
        f" {counted:.0f} of 5,000 calls counted, {calls:.0f} made; {town.landed} commits landed"
    )
    print(f"intervals: {town.intervals()}")


class Town:
    """All polls on a clock of their own, in seconds; commits land at random."""

    def __init__(self, sandbox: Sandbox, commits: float) -> None:
        from agentmesh_release.core.models import Poll

        self._sandbox, self._random = sandbox, random.Random(7)  # noqa: S311
        self._polls = {poll.pk: poll for poll in Poll.objects.filter(kind__in=KINDS)}
        self._due = [(0.0, pk) for pk in self._polls]
        self._slugs = sorted({each.scope for each in self._polls.values() if "/" not in each.scope})
        self._commits_s = commits * len(self._slugs) / 3_600
        self._next_commit = self._random.expovariate(self._commits_s)
        self.landed = 0
        self.reads: Counter[str] = Counter()

    def run_until(self, moment: float) -> None:
        while self._due and self._due[0][0] <= moment:
            now, pk = heapq.heappop(self._due)
            while self._next_commit <= now:
                self._land()
            heapq.heappush(self._due, (now + self._read(pk), pk))

    def _land(self) -> None:
        slug = self._random.choice(self._slugs)
        self._sandbox.act("commits", project=slug, type="fix", subject="something")
        self._next_commit += self._random.expovariate(self._commits_s)
        self.landed += 1

    def _read(self, pk: int) -> float:
        """Read it now; answers after how many seconds it is due again."""
        from agentmesh_release.core import polls
        from agentmesh_release.core.leases import clock
        from agentmesh_release.core.models import Poll

        Poll.objects.filter(pk=pk).update(due_at=clock())
        polls.run(pk)
        row = Poll.objects.get(pk=pk)
        self.reads[row.kind] += 1
        if row.last_error:
            print(f"{row}: {row.last_error}", file=sys.stderr)
        gap = (row.due_at - clock()).total_seconds()
        return max(gap, SELDOM_S.get(row.kind, 0.1))

    def cost(self, act: Any) -> dict[str, int]:
        calls, used = self._sandbox.calls(), self._sandbox.used()
        self.reads.clear()
        act()
        return {
            "counted": self._sandbox.used() - used,
            "calls": self._sandbox.calls() - calls - 2,
            **self.reads,
        }

    def forget(self) -> None:
        """What a process loses when it ends."""
        from agentmesh_release.core import connections
        from releases.evidence import migrations, tags

        connections._github.cache_clear()
        migrations._at_commit.cache_clear()
        migrations._absent.clear()
        tags._listed.clear()

    def intervals(self) -> dict[str, str]:
        from agentmesh_release.core.models import Poll

        rows = Poll.objects.filter(kind__in=KINDS)
        found: dict[str, list[float]] = {}
        for row in rows:
            found.setdefault(row.kind, []).append(row.every_s)
        return {kind: f"{min(each):.0f}–{max(each):.0f} s" for kind, each in found.items()}


if __name__ == "__main__":
    main()
