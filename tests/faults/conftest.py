"""A project in a demo world of this process, with a quick sandbox process of its own."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django.fixtures import Settings

from agentmesh_release.core.models import User, World
from incidents import readings
from tests.releases.imports import imported
from tests.releases.publishing import Press
from tests.releases.repositories import Drawing
from tests.sandbox.running import Running

from .journey import Journey

QUICK = ("--build-seconds", "0.2", "--check-seconds", "0.2", "--alias-seconds", "0.05")
_numbers = count(1)


@pytest.fixture(scope="session")
def quick_sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("sandbox"), *QUICK).start()
    yield running
    running.end()


@pytest.fixture
def journey(
    demo_world: World,
    quick_sandbox: Running,
    settings: Settings,
    tmp_path: Path,
    ada: User,
    ben: User,
    cleo: User,
) -> Iterator[Journey]:
    """v1.0.0 and v1.1.0 were live, the latter is; Ada has cut v1.2.0 and asked for it."""
    settings.SANDBOX_URL = quick_sandbox.url
    drawing = Drawing(tmp_path / f"faults-{next(_numbers)}")
    for tag in ("v1.0.0", "v1.1.0"):
        drawing.commit("feat: more")
        drawing.tag(tag)
    drawing.commit("feat: even more")
    project = imported(drawing.make()).project
    project.watch_s = 0
    project.save(update_fields=["watch_s"])
    press = Press(quick_sandbox, project, ada)
    press.read()
    readings.ensure(project)
    readings.read(project, timezone.now())
    new = press.cut()
    assert press.work(new).state == "done"
    old = project.releases.get(version="1.1.0")
    yield Journey(quick_sandbox, project, old, new, ada, ben, cleo)
    quick_sandbox.act("faults/clear")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The long campaign runs where it is asked for: `make faults`, or `-m faults`."""
    if "faults" in config.option.markexpr:
        return
    long = [item for item in items if item.get_closest_marker("faults")]
    config.hook.pytest_deselected(items=long)
    items[:] = [item for item in items if item not in long]
