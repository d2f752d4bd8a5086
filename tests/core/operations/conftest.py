"""Painting, known to the engine while a test runs."""

from collections.abc import Iterator

import pytest

from agentmesh_release.core.operations import kinds

from .painting import Paint


@pytest.fixture
def paint() -> Iterator[Paint]:
    made = Paint()
    kinds._entries["paint"] = made.kind()
    yield made
    del kinds._entries["paint"]
