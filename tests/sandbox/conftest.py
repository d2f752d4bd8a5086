"""One sandbox process for all tests of a worker; a project of its own where a test changes it."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from . import histories
from .running import Running, eventually

_numbers = count(1)


@dataclass(frozen=True)
class Registered:
    """A registered project and the shortest ways to ask about it."""

    sandbox: Running
    name: str
    facts: Any

    @property
    def github(self) -> str:
        return f"/github/repos/demo/{self.name}"

    @property
    def vercel(self) -> str:
        return f"/vercel/v9/projects/{self.facts['vercel_project_id']}"

    def project(self) -> Any:
        return self.sandbox.get(self.vercel)

    def deployments(self, query: str = "") -> list[Any]:
        project = self.facts["vercel_project_id"]
        found = self.sandbox.get(f"/vercel/v7/deployments?projectId={project}&{query}")
        return list(found["deployments"])

    def staged(self) -> str:
        ready = [one for one in self.deployments() if one.get("readySubstate") == "STAGED"]
        return str(ready[0]["uid"])

    def candidate(self) -> str:
        return str(self.deployments("rollbackCandidate=true")[0]["uid"])

    def live(self) -> str:
        alias = f"/vercel/v4/aliases/{self.facts['production_domain']}"
        return str(self.sandbox.get(alias)["deploymentId"])

    def promote(self, deployment: str) -> int:
        return self._job(
            f"/vercel/v10/projects/{self.facts['vercel_project_id']}/promote", deployment
        )

    def rollback(self, deployment: str) -> int:
        return self._job(
            f"/vercel/v1/projects/{self.facts['vercel_project_id']}/rollback", deployment
        )

    def _job(self, path: str, deployment: str) -> int:
        return self.sandbox.ask("POST", f"{path}/{deployment}", {}).status

    def job_ends(self) -> str:
        """How the running alias job ends."""

        def status() -> str:
            last = (self.project()["lastAliasRequest"] or {}).get("jobStatus")
            return "" if last in ("pending", "in-progress") else str(last)

        return str(eventually(status))

    def ready(self, deployment: str) -> Any:
        """The deployment, once its build has ended."""

        def ended() -> Any:
            one = self.sandbox.get(f"/vercel/v13/deployments/{deployment}")
            return one if one["readyState"] in ("READY", "ERROR", "CANCELED") else None

        return eventually(ended)

    def act(self, path: str, /, **values: object) -> Any:
        return self.sandbox.act(path, project=self.name, **values)

    def journal(self, **filters: str) -> list[Any]:
        return self.sandbox.journal(project=self.name, **filters)

    def value(self, query: str) -> float | None:
        """A Prometheus query's one value."""
        answer = self.sandbox.ask("GET", "/prometheus/api/v1/query", params={"query": query})
        result = answer.body["data"]["result"]
        return float(result[0]["value"][1]) if result else None


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("sandbox") / "state").start()
    yield running
    assert running.end() == 0


@pytest.fixture(scope="session")
def history(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return histories.usual().write(tmp_path_factory.mktemp("history") / "usual")


def register(sandbox: Running, path: Path, name: str = "") -> Registered:
    name = name or f"project-{next(_numbers)}"
    return Registered(sandbox, name, sandbox.act("repositories", path=str(path), name=name))


@pytest.fixture(scope="session")
def shown(sandbox: Running, history: Path) -> Registered:
    """A project that tests only look at."""
    return register(sandbox, history, "shown")


@pytest.fixture(scope="session")
def long(sandbox: Running, tmp_path_factory: pytest.TempPathFactory) -> Registered:
    """261 commits, tagged at the first."""
    history = histories.History()
    for number in range(1, 262):
        history.commit(f"fix: change {number}")
        if number == 1:
            history.tag("v0.1.0")
    return register(sandbox, history.write(tmp_path_factory.mktemp("history") / "long"), "long")


@pytest.fixture
def project(sandbox: Running, history: Path) -> Registered:
    """A project of the test's own."""
    return register(sandbox, history)


@pytest.fixture(autouse=True)
def healthy(sandbox: Running) -> Iterator[None]:
    yield
    sandbox.act("faults/clear")
