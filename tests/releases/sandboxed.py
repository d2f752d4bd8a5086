"""A demo world with a real sandbox process: fixtures for what GitHub and Vercel answer."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from agentmesh_release.core.models import User, World
from releases.evidence import trunk
from releases.models import Project
from tests.releases.imports import NOW, imported
from tests.releases.publishing import Press
from tests.releases.repositories import Drawing
from tests.sandbox.running import Running

_numbers = count(1)


@dataclass
class Demo:
    """One imported project, and what can be made to happen at its GitHub."""

    sandbox: Running
    project: Project
    path: Path

    def act(self, path: str, /, **values: object) -> Any:
        return self.sandbox.act(path, project=self.project.slug, **values)

    def land(self, message: str) -> str:
        return str(self.act("commits", message=message)["sha"])

    def tag(self, name: str, sha: str) -> None:
        self._github("POST", "/git/refs", {"ref": f"refs/tags/{name}", "sha": sha})

    def move_branch(self, sha: str) -> None:
        branch = self.project.default_branch
        self._github("PATCH", f"/git/refs/heads/{branch}", {"sha": sha, "force": True})

    def read(self) -> Project:
        """Read trunk as the poll does, and answer the project as it then is."""
        trunk.read(Project.objects.get(pk=self.project.pk), NOW)
        self.project = Project.objects.get(pk=self.project.pk)
        return self.project

    def asked(self) -> list[str]:
        """The paths that GitHub has been asked for, in order."""
        found = self.sandbox.get("/_control/requests?vendor=github")["requests"]
        return [each["path"] for each in found]

    def _github(self, method: str, path: str, body: object) -> None:
        answer = self.sandbox.ask(method, f"/github/repos/{self.project.repository}{path}", body)
        assert answer.status in (200, 201), answer


@pytest.fixture(scope="session")
def house_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("sandbox")).start()
    yield running
    running.end()


@pytest.fixture
def sandboxed(demo_world: World, house_sandbox: Running, settings: Settings) -> Running:
    """A demo world whose sandbox answers."""
    settings.SANDBOX_URL = house_sandbox.url
    return house_sandbox


@pytest.fixture
def demo(sandboxed: Running, tmp_path: Path) -> Demo:
    """A project with two releases and one commit since."""
    drawing = Drawing(tmp_path / f"api-{next(_numbers)}")
    drawing.commit("feat: a")
    drawing.tag("v1.0.0")
    drawing.commit("feat: b (#2)")
    drawing.tag("v1.1.0")
    drawing.commit("fix: c")
    path = drawing.make()
    return Demo(sandboxed, imported(path).project, path)


@pytest.fixture
def press(demo: Demo, ada: User) -> Iterator[Press]:
    """The project of `demo`, whose newest commit may be cut."""
    found = Press(demo.sandbox, demo.project, ada)
    found.read()
    yield found
    found.heal()
